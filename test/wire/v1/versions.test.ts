/** Versions and paths of API v1, as recorded (section A). */
import {replay} from './replay.js'

replay(
  'versions and paths',
  String.raw`
A1 GET /versions answers 200 with the list of versions
> GET /versions
< 200
< (json) {"versions":[{"id":"v1.1","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]},{"id":"v1.0","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]}]}

A2 GET / answers 300 with the list of versions
> GET /
< 300
< (json) {"versions":[{"id":"v1.1","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]},{"id":"v1.0","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]}]}

A3 HEAD / answers 300
> HEAD /
< 300

A4 GET /v1 without a slash is redirected to /v1/
> GET /v1
< 302 | location: http://{HOST}/v1/ | content-type: text/plain; charset=utf8
< (empty)

A5 GET /v1/ is the image index
> GET /v1/
< 200
< (names)

A6 a path without a version answers 300 with the list of versions
> GET /images
< 300
< (json) {"versions":[{"id":"v1.1","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]},{"id":"v1.0","status":"DEPRECATED","links":[{"rel":"self","href":"http://{HOST}/v1/"}]}]}

A7 a path without a version and the vendor media type in Accept is the index of that version
> GET /images
> accept: application/vnd.openstack.images-v1
< 200
< (names)

A8 a version in the path as well as the vendor media type in Accept is 404
> GET /v1/images
> accept: application/vnd.openstack.images-v1
< 404 | content-type: text/plain; charset=UTF-8
< (text) "404 Not Found\n\nThe resource could not be found.\n\n   "

A9 /v1.0 is the same API
> GET /v1.0/images
< 200
< (names)

A10 /v1.1 is the same API
> GET /v1.1/images
< 200
< (names)

A11 an unknown minor version answers 300
> GET /v1.2/images
< 300

A12 an unknown major version answers 300
> GET /v3/images
< 300

A13 Accept: text/html does not change the index
> GET /v1/images
> accept: text/html
< 200
< (names)

A14 a slash at the end of a resource is 404
> GET /v1/images/
< 404
< (html) The resource could not be found.<br /><br />

A15 doubled slashes count as one
> GET //v1//images
< 200
< (names)
`,
)
