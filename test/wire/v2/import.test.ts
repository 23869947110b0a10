/** Imports and tasks in API v2, as recorded. */
import {replayV2} from './replay.js'
import {importImage, makeImage} from './shorthand.js'

const web = (path: string) => `{"name": "web-download", "uri": "http://{SOURCE}${path}"}`

replayV2(
  'imports',
  `
${makeImage(1)}

${importImage('web-download fills the image', 1, web('/src.img'))}
< 202 | content-type: text/html; charset=UTF-8
= #1 {"status": "active", "size": 16, "virtual_size": 16, "os_hash_algo": "sha512", "stores": "file"}

${importImage('an import into an active image is 409', 1, web('/src.img'))}
< 409
< (html) Image with status active cannot be target for import

${makeImage(2)}

${importImage('web-download with the scheme file is refused', 2, '{"name": "web-download", "uri": "file:///etc/passwd"}')}
< 400
< (html) URI for web-download does not pass filtering: file:///etc/passwd

${importImage('web-download without a URL is refused', 2, '{"name": "web-download"}')}
< 400
< (html) URI for web-download does not pass filtering: None

${importImage('a method that is not enabled is refused', 2, '{"name": "copy-image"}', ', "stores": ["slow"]')}
< 400
< (html) Unknown import method name &#x27;copy-image&#x27;.

${importImage('an import into an unknown store is 409', 2, web('/src.img'), ', "stores": ["nope"]')}
< 409
< (html) Store for identifier nope not found

${importImage('glance-direct without staged data is 409', 2, '{"name": "glance-direct"}')}
< 409
< (html) Image needs to be staged before &#x27;glance-direct&#x27; method can be used

staging stores the data and sets the status uploading
> PUT /v2/images/#2/stage
> content-type: application/octet-stream
> (body) staged
< 204 | content-type: text/html; charset=UTF-8
= #2 {"status": "uploading", "size": 6, "checksum": null}

the download of a staged image is 204
> GET /v2/images/#2/file
< 204

staging again is 409
> PUT /v2/images/#2/stage
> content-type: application/octet-stream
> (body) staged
< 409
< (html) Image status transition from uploading to uploading is not allowed

an upload into a staged image is 409
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> (body) x
< 409
< (html) Image status transition from uploading to saving is not allowed

${importImage('glance-direct imports the staged data', 2, '{"name": "glance-direct"}')}
< 202
= #2 {"status": "active", "size": 6, "stores": "file"}

the list of all tasks is 403 for a member
> GET /v2/tasks
< 403
< (html) You are not authorized to complete tasks_api_access action.

the service lists its import methods
> GET /v2/info/import
< 200
< (json) {"import-methods": {"description": "Import methods available.", "type": "array", "value": ["glance-direct", "web-download"]}}

the service has no quotas
> GET /v2/info/usage
< 200
< (json) {"usage": {}}

details of stores are 403 for a member
> GET /v2/info/stores/detail
< 403
< (html) You are not authorized to complete stores_info_detail action.
`,
)

replayV2(
  'imports from this machine and private networks',
  `
${makeImage(1)}

${importImage('a loopback address is refused, with the option that would allow it', 1, '{"name": "web-download", "uri": "http://127.0.0.2/x"}')}
< 400
< (html) URI for web-download does not pass filtering: http://127.0.0.2/x | 127.0.0.2 is on this machine or in a private network. The service fetches from there only if its settings allow it: allowed_schemes, allowed_hosts, allowed_ports, or --fetch-from-anywhere.

${importImage('a name of this machine is refused, with the option that would allow it', 1, '{"name": "web-download", "uri": "http://localhost/x"}')}
< 400
< (html) URI for web-download does not pass filtering: http://localhost/x | localhost is on this machine or in a private network. The service fetches from there only if its settings allow it: allowed_schemes, allowed_hosts, allowed_ports, or --fetch-from-anywhere.

${importImage('the metadata address of a cloud is refused, with the option that would allow it', 1, '{"name": "web-download", "uri": "http://169.254.169.254/latest"}')}
< 400
< (html) URI for web-download does not pass filtering: http://169.254.169.254/latest | 169.254.169.254 is on this machine or in a private network. The service fetches from there only if its settings allow it: allowed_schemes, allowed_hosts, allowed_ports, or --fetch-from-anywhere.

${importImage('a port other than 80 and 443 is refused, with the option that would allow it', 1, '{"name": "web-download", "uri": "http://8.8.8.8:22/"}')}
< 400
< (html) URI for web-download does not pass filtering: http://8.8.8.8:22/ | http://8.8.8.8:22 names a port that is not allowed. The service fetches from there only if its settings allow it: allowed_schemes, allowed_hosts, allowed_ports, or --fetch-from-anywhere.
`,
  {fetchFromAnywhere: false},
)
