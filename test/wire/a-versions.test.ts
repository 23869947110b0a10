/** Section A of the recorded exchanges: Version discovery and negotiation. */
import {witness} from './witness.js'

witness(
  'A. Version discovery and negotiation',
  String.raw`
A1 GET /versions
> GET /versions
< 200
< (json) {"versions":[{"id":"v1.1","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]},{"id":"v1.0","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]}]}

A2 GET /
> GET /
< 300
< (json) {"versions":[{"id":"v1.1","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]},{"id":"v1.0","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]}]}

A3 HEAD /
> HEAD /
< 300

A4 GET /v1 (no trailing slash)
> GET /v1
< 302 | location: http://{HOST}/v1/ | content-type: text/plain; charset=utf8
< (empty)

A5 GET /v1/ (same handler as the image index)
> GET /v1/
< 200
< (names)

A6 GET /images without a version
> GET /images
< 300
< (json) {"versions":[{"id":"v1.1","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]},{"id":"v1.0","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]}]}

A7 GET /images with a vendor media type in Accept
> GET /images
> accept: application/vnd.openstack.images-v1
< 200
< (names)

A8 GET /v1/images with the vendor media type AND a version in the URL
> GET /v1/images
> accept: application/vnd.openstack.images-v1
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n   "

A9 GET /v1.0/images
> GET /v1.0/images
< 200
< (names)

A10 GET /v1.1/images
> GET /v1.1/images
< 200
< (names)

A11 GET /v1.2/images (unknown minor)
> GET /v1.2/images
< 300

A12 GET /v3/images (unknown major)
> GET /v3/images
< 300

A13 GET /v1/images with Accept: text/html
> GET /v1/images
> accept: text/html
< 200
< (names)

A14 GET /v1/images/ (trailing slash)
> GET /v1/images/
< 404
< (html) The resource could not be found.<br /><br />

A15 GET //v1//images (doubled slashes)
> GET //v1//images
< 200
< (names)
`,
)
