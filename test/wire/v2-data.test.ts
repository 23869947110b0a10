/** Data, lists, members, locations and imports of API v2 as recorded. */
import {witnessOfVersion2} from './v2-witness.js'

const SHA =
  '3848ec2673bd87a4cdc9d3895445abd91a09d2673d30335365f912533f6fb228f62f6749ce739b435a992643aa8fed8a6a2e84e68d1831a2e97bfe9f88cd370f'
const SHA_OF_NOTHING =
  'cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e'

const image = (number: number, more = '') => `image ${number}
> POST /v2/images
> (body) {"id": "#${number}", "name": "i${number}", "disk_format": "raw", "container_format": "bare"${more}}
< 201`

witnessOfVersion2(
  'PUT and GET file',
  `
${image(1)}

chunked
> PUT /v2/images/#1/file
> content-type: application/octet-stream
> (chunked) hello, image!
< 204 | content-type: text/html; charset=UTF-8
= #1 {"size": 13, "virtual_size": 13, "status": "active", "checksum": "5d3e16c652d6e956d0f28b5aa4544900", "os_hash_algo": "sha512"}

image already active (409)
> PUT /v2/images/#1/file
> content-type: application/octet-stream
> (body) x
< 409
< (html) Image status transition from active to saving is not allowed

image does not exist
> PUT /v2/images/#9/file
> content-type: application/octet-stream
> (body) x
< 404
< (html) No image found with ID #9

${image(2)}

somebody else's shared image (beta is no member)
> PUT /v2/images/#2/file
> as: beta
> content-type: application/octet-stream
> (body) x
< 404
< (html) No image found with ID #2

wrong Content-Type
> PUT /v2/images/#2/file
> content-type: application/json
> (body) x
< 415
< (html) The request media type application/json is not supported by this server.

no Content-Type
> PUT /v2/images/#2/file
> (body) x
< 415
< (html) The request media type text/plain is not supported by this server.
= #2 {"status": "queued", "size": null, "checksum": null}

no formats
> POST /v2/images
> (body) {"id": "#3"}
< 201

formats not set
> PUT /v2/images/#3/file
> content-type: application/octet-stream
> (body) x
< 400
< (html) Properties disk_format, container_format must be set prior to saving data.
= #3 {"status": "queued", "size": null, "checksum": null}

x-openstack-image-size too large [differs: honoured, as services from 2025 on do]
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-openstack-image-size: 99
> (body) hello, image!
< 400
= #2 {"status": "queued", "size": null, "checksum": null}

x-openstack-image-size too small, chunked [differs: honoured]
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-openstack-image-size: 5
> (chunked) hello, image!
< 400
= #2 {"status": "queued", "size": null, "checksum": null, "os_hash_value": null}

x-openstack-image-size no number [differs: honoured]
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-openstack-image-size: many
> (body) x
< 400

into a store that does not exist
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-image-meta-store: nope
> (body) x
< 400
< (html) Store for identifier nope not found

into the read-only http store
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> x-image-meta-store: http
> (body) x
< 410
< (html) Error in store configuration. Adding images to store is disabled.
= #2 {"status": "queued"}

of a queued image
> GET /v2/images/#2/file
< 204

no bytes at all (Content-Length: 0), and the right size
> PUT /v2/images/#2/file
> content-type: application/octet-stream | x-openstack-image-size: 0
> (body) 
< 204
= #2 {"status": "active", "size": 0, "checksum": "d41d8cd98f00b204e9800998ecf8427e", "os_hash_value": "${SHA_OF_NOTHING}", "virtual_size": null}

of an image of 0 bytes
> GET /v2/images/#2/file
< 200 | content-md5: d41d8cd98f00b204e9800998ecf8427e
< (data) ""

whole
> GET /v2/images/#1/file
< 200 | content-md5: 5d3e16c652d6e956d0f28b5aa4544900 | etag: (none)
< (data) "hello, image!"

HEAD
> HEAD /v2/images/#1/file
< 405 | allow: GET, PUT

Range
> GET /v2/images/#1/file
> range: bytes=2-5
< 206 | content-range: bytes 2-5/13 | content-md5: 5d3e16c652d6e956d0f28b5aa4544900
< (data) "llo,"

Range open ended
> GET /v2/images/#1/file
> range: bytes=7-
< 206 | content-range: bytes 7-12/13
< (data) "image!"

Range suffix
> GET /v2/images/#1/file
> range: bytes=-4
< 206 | content-range: bytes 9-12/13
< (data) "age!"

Range past the end
> GET /v2/images/#1/file
> range: bytes=50-60
< 416
< (html) The Range requested is not available. | Invalid start position in Range header. Start position MUST be in the inclusive range [0, 12].

two ranges
> GET /v2/images/#1/file
> range: bytes=0-1,3-4
< 400
< (html) Requests with multiple ranges are not supported in Glance. You may make multiple single-range requests instead.

Content-Range (old way)
> GET /v2/images/#1/file
> content-range: bytes 2-5/13
< 206 | content-range: bytes 2-5/13
< (data) "llo,"

of an image that does not exist
> GET /v2/images/#9/file
< 404
< (html) No image found with ID #9

deactivate
> POST /v2/images/#1/actions/deactivate
< 204 | content-type: text/html; charset=UTF-8
= #1 {"status": "deactivated"}

download of a deactivated image by its owner
> GET /v2/images/#1/file
< 403
< (html) The requested image has been deactivated. Image data download is forbidden.

download of a deactivated image by the admin
> GET /v2/images/#1/file
> as: admin
< 200
< (data) "hello, image!"

reactivate
> POST /v2/images/#1/actions/reactivate
< 204
= #1 {"status": "active"}

reactivate again
> POST /v2/images/#1/actions/reactivate
< 204

deactivate a queued image
> POST /v2/images/#3/actions/deactivate
< 403
< (html) Not allowed to deactivate image in status &#x27;queued&#x27;

disk_format of an active image
> PATCH /v2/images/#1
> content-type: application/openstack-images-v2.1-json-patch
> (body) [{"op": "replace", "path": "/disk_format", "value": "qcow2"}]
< 403
< (html) Attribute disk_format can be only replaced for a queued image.
`,
)

witnessOfVersion2(
  'Members',
  `
${image(1)}

add beta
> POST /v2/images/#1/members
> (body) {"member": "beta"}
< 200
< (json) {"member_id": "beta", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}

add beta again
> POST /v2/images/#1/members
> (body) {"member": "beta"}
< 409
< (html) Member beta is duplicated for image #1

${image(2, ', "visibility": "private"')}

add to a private image
> POST /v2/images/#2/members
> (body) {"member": "beta"}
< 403
< (html) Not allowed to create members for image #2.

no member in the body
> POST /v2/images/#1/members
> (body) {}
< 400
< (html) Member to be added not specified

a project that does not exist: accepted all the same
> POST /v2/images/#1/members
> (body) {"member": "who"}
< 200

list
> GET /v2/images/#1/members
< 200
< (json) {"members": [{"member_id": "beta", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}, {"member_id": "who", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}], "schema": "/v2/schemas/members"}

list by the invited beta: only its own
> GET /v2/images/#1/members
> as: beta
< 200
< (json) {"members": [{"member_id": "beta", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}], "schema": "/v2/schemas/members"}

beta sees the image by id though pending
> GET /v2/images/#1
> as: beta
< 200
< (has) {"name": "i1"}

beta's list does not show it (pending)
> GET /v2/images
> as: beta
< 200
< (json) {"images": [], "first": "/v2/images", "schema": "/v2/schemas/images"}

beta, visibility=shared&member_status=pending
> GET /v2/images?visibility=shared&member_status=pending
> as: beta
< 200
< (names) i1(-)

beta accepts
> PUT /v2/images/#1/members/beta
> as: beta
> (body) {"status": "accepted"}
< 200
< (has) {"status": "accepted"}

beta's list shows it now
> GET /v2/images
> as: beta
< 200
< (names) i1(-)

beta rejects
> PUT /v2/images/#1/members/beta
> as: beta
> (body) {"status": "rejected"}
< 200
< (has) {"status": "rejected"}

an invalid status
> PUT /v2/images/#1/members/beta
> as: beta
> (body) {"status": "perhaps"}
< 400
< (html) Incorrect request: Status must be &quot;pending&quot;, &quot;accepted&quot; or &quot;rejected&quot;.

the owner accepts for beta
> PUT /v2/images/#1/members/beta
> (body) {"status": "accepted"}
< 403
< (html) Not allowed to update members for image #1.

beta adds somebody
> POST /v2/images/#1/members
> as: beta
> (body) {"member": "x"}
< 403
< (html) Not allowed to create members for image #1.

beta removes itself
> DELETE /v2/images/#1/members/beta
> as: beta
< 403
< (html) Not allowed to delete members for image #1.

owner removes beta
> DELETE /v2/images/#1/members/beta
< 204

owner removes beta again
> DELETE /v2/images/#1/members/beta
< 404
< (html) beta not found in the member list of the image #1.

members of an image that is not there
> GET /v2/images/#9/members
< 404
< (html) Image #9 not found.
`,
)

const patch = (number: number, title: string, body: string, answer: string) => `${title}
> PATCH /v2/images/#${number}
> content-type: application/openstack-images-v2.1-json-patch
> (body) ${body}
${answer}`
const location = (path: string, more = '"metadata": {}') =>
  `[{"op": "add", "path": "/locations/-", "value": {"url": "http://{SOURCE}${path}", ${more}}}]`
const BAD = '< 400\n< (html) Invalid location'

witnessOfVersion2(
  'Locations',
  `
${image(1)}

${patch(1, 'add a location: queued becomes active', location('/src.img', '"metadata": {"a": "b"}'), '< 200\n< (has) {"status": "active", "size": 16, "checksum": null, "virtual_size": null, "stores": "http", "direct_url": "http://{SOURCE}/src.img", "locations": [{"url": "http://{SOURCE}/src.img", "metadata": {"a": "b", "store": "http"}}]}')}

download through the location
> GET /v2/images/#1/file
< 200 | content-md5: (none)
< (data) "0123456789abcdef"

a part of it
> GET /v2/images/#1/file
> range: bytes=3-5
< 206 | content-range: bytes 3-5/16
< (data) "345"

${patch(1, 'add a second', location('/empty.img'), '< 200\n< (has) {"size": 16, "stores": "http,http"}')}

${patch(1, 'remove a position that is not there', '[{"op": "remove", "path": "/locations/9"}]', '< 400\n< (html) Invalid position for removing a location.')}

${patch(1, 'remove position 1', '[{"op": "remove", "path": "/locations/1"}]', '< 200\n< (has) {"stores": "http"}')}

${patch(1, 'remove the last one left', '[{"op": "remove", "path": "/locations/0"}]', '< 403\n< (html) Access was denied to this resource. | Cannot remove last location in the image.')}

${patch(1, 'replace it by the empty list', '[{"op": "replace", "path": "/locations", "value": []}]', '< 403\n< (html) Access was denied to this resource. | Cannot set locations to empty list.')}

${image(2)}

${patch(2, 'file://', '[{"op": "add", "path": "/locations/-", "value": {"url": "file:///etc/passwd", "metadata": {}}}]', BAD)}

${patch(2, 'URL that answers 404', location('/nix'), BAD)}

${patch(2, 'scheme unknown', '[{"op": "add", "path": "/locations/-", "value": {"url": "nope://x", "metadata": {}}}]', BAD)}

${patch(2, 'nobody listens', '[{"op": "add", "path": "/locations/-", "value": {"url": "http://127.0.0.1:1/x", "metadata": {}}}]', '< 400\n< (html) The Store URI was malformed.')}

${patch(2, 'with validation_data', location('/src.img', `"metadata": {}, "validation_data": {"checksum": "1cbd8cdd6965af2fa4535a0a1dec1f6c", "os_hash_algo": "sha512", "os_hash_value": "${SHA}"}`), `< 200\n< (has) {"status": "active", "size": 16, "checksum": "1cbd8cdd6965af2fa4535a0a1dec1f6c", "os_hash_value": "${SHA}"}`)}

${image(3)}

the call of its own [of newer services]
> POST /v2/images/#3/locations
> (body) {"url": "http://{SOURCE}/src.img"}
< 202
= #3 {"status": "active", "size": 16}
`,
  {showLocations: true},
)

witnessOfVersion2(
  'Locations that are not shown',
  `
${image(1)}

${patch(1, 'cannot be added', location('/src.img'), '< 403\n< (html) It&#x27;s not allowed to add locations if locations are invisible.')}

are told to nobody
> GET /v2/images/#1
< 200
< (image) {"id": "#1", "name": "i1", "disk_format": "raw", "container_format": "bare"}
`,
)

const importing = (number: number, title: string, method: string, answer: string) => `${title}
> POST /v2/images/#${number}/import
> (body) {"method": ${method}}
${answer}`
const web = (path: string) => `{"name": "web-download", "uri": "http://{SOURCE}${path}"}`

witnessOfVersion2(
  'Import',
  `
${image(1)}

${importing(1, 'web-download', web('/src.img'), '< 202 | content-type: text/html; charset=UTF-8\n= #1 {"status": "active", "size": 16, "virtual_size": 16, "os_hash_algo": "sha512", "stores": "file"}')}

${importing(1, 'again on the active image', web('/src.img'), '< 409\n< (html) Image with status active cannot be target for import')}

${image(2)}

${importing(2, 'file://', '{"name": "web-download", "uri": "file:///etc/passwd"}', '< 400\n< (html) URI for web-download does not pass filtering: file:///etc/passwd')}

${importing(2, 'no uri', '{"name": "web-download"}', '< 400\n< (html) URI for web-download does not pass filtering: None')}

${importing(2, 'method that is not enabled', '{"name": "copy-image"}, "stores": ["slow"]', '< 400\n< (html) Unknown import method name &#x27;copy-image&#x27;.')}

${importing(2, 'store that does not exist', `${web('/src.img')}, "stores": ["nope"]`, '< 409\n< (html) Store for identifier nope not found')}

${importing(2, 'glance-direct before stage', '{"name": "glance-direct"}', '< 409\n< (html) Image needs to be staged before &#x27;glance-direct&#x27; method can be used')}

stage
> PUT /v2/images/#2/stage
> content-type: application/octet-stream
> (body) staged
< 204 | content-type: text/html; charset=UTF-8
= #2 {"status": "uploading", "size": 6, "checksum": null}

GET file of a staged image
> GET /v2/images/#2/file
< 204

stage again
> PUT /v2/images/#2/stage
> content-type: application/octet-stream
> (body) staged
< 409
< (html) Image status transition from uploading to uploading is not allowed

PUT file of a staged image
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> (body) x
< 409
< (html) Image status transition from uploading to saving is not allowed

${importing(2, 'import', '{"name": "glance-direct"}', '< 202\n= #2 {"status": "active", "size": 6, "stores": "file"}')}

GET /v2/tasks (member)
> GET /v2/tasks
< 403
< (html) You are not authorized to complete tasks_api_access action.

methods
> GET /v2/info/import
< 200
< (json) {"import-methods": {"description": "Import methods available.", "type": "array", "value": ["glance-direct", "web-download"]}}

usage
> GET /v2/info/usage
< 200
< (json) {"usage": {}}

stores detail, member
> GET /v2/info/stores/detail
< 403
< (html) You are not authorized to complete stores_info_detail action.
`,
)

witnessOfVersion2(
  'Import from inside, with what would allow it behind the recorded words',
  `
${image(1)}

${importing(1, 'host that is not allowed', '{"name": "web-download", "uri": "http://127.0.0.2/x"}', '< 400\n< (html) URI for web-download does not pass filtering: http://127.0.0.2/x | 127.0.0.2 is on this machine or in a private network. The service fetches from there only when it was started with --fetch-from-anywhere.')}

${importing(1, 'a name of this machine', '{"name": "web-download", "uri": "http://localhost/x"}', '< 400\n< (html) URI for web-download does not pass filtering: http://localhost/x | localhost is on this machine or in a private network. The service fetches from there only when it was started with --fetch-from-anywhere.')}

${importing(1, 'the metadata of a cloud', '{"name": "web-download", "uri": "http://169.254.169.254/latest"}', '< 400\n< (html) URI for web-download does not pass filtering: http://169.254.169.254/latest | 169.254.169.254 is on this machine or in a private network. The service fetches from there only when it was started with --fetch-from-anywhere.')}

${importing(1, 'another port', '{"name": "web-download", "uri": "http://8.8.8.8:22/"}', '< 400\n< (html) URI for web-download does not pass filtering: http://8.8.8.8:22/ | http://8.8.8.8:22 names a port other than 80 and 443. The service fetches from there only when it was started with --fetch-from-anywhere.')}
`,
  {fetchFromAnywhere: false},
)
