/** Locations in API v2, as recorded. */
import {replayV2} from './replay.js'
import {makeImage, patch} from './shorthand.js'

const SHA =
  '3848ec2673bd87a4cdc9d3895445abd91a09d2673d30335365f912533f6fb228f62f6749ce739b435a992643aa8fed8a6a2e84e68d1831a2e97bfe9f88cd370f'

/** Operations that add a location. */
const location = (path: string, more = '"metadata": {}') =>
  `[{"op": "add", "path": "/locations/-", "value": {"url": "http://{SOURCE}${path}", ${more}}}]`
const BAD = '< 400\n< (html) Invalid location'

replayV2(
  'locations',
  `
${makeImage(1)}

${patch('a location makes a queued image active', 1, location('/src.img', '"metadata": {"a": "b"}'))}
< 200
< (has) {"status": "active", "size": 16, "checksum": null, "virtual_size": null, "stores": "http", "direct_url": "http://{SOURCE}/src.img", "locations": [{"url": "http://{SOURCE}/src.img", "metadata": {"a": "b", "store": "http"}}]}

a download gives the remote data
> GET /v2/images/#1/file
< 200 | content-md5: (none)
< (data) "0123456789abcdef"

a range gives a part of the remote data
> GET /v2/images/#1/file
> range: bytes=3-5
< 206 | content-range: bytes 3-5/16
< (data) "345"

${patch('a second location can be added', 1, location('/empty.img'))}
< 200
< (has) {"size": 16, "stores": "http,http"}

${patch('removing a position that does not exist is 400', 1, '[{"op": "remove", "path": "/locations/9"}]')}
< 400
< (html) Invalid position for removing a location.

${patch('a location can be removed by its position', 1, '[{"op": "remove", "path": "/locations/1"}]')}
< 200
< (has) {"stores": "http"}

${patch('removing the last location is 403', 1, '[{"op": "remove", "path": "/locations/0"}]')}
< 403
< (html) Access was denied to this resource. | Cannot remove last location in the image.

${patch('replacing the locations by an empty list is 403', 1, '[{"op": "replace", "path": "/locations", "value": []}]')}
< 403
< (html) Access was denied to this resource. | Cannot set locations to empty list.

${makeImage(2)}

${patch('a location with the scheme file is refused', 2, '[{"op": "add", "path": "/locations/-", "value": {"url": "file:///etc/passwd", "metadata": {}}}]')}
${BAD}

${patch('a location that answers 404 is refused', 2, location('/nix'))}
${BAD}

${patch('a location with an unknown scheme is refused', 2, '[{"op": "add", "path": "/locations/-", "value": {"url": "nope://x", "metadata": {}}}]')}
${BAD}

${patch('a location on a port without a server is refused', 2, '[{"op": "add", "path": "/locations/-", "value": {"url": "http://127.0.0.1:1/x", "metadata": {}}}]')}
< 400
< (html) The Store URI was malformed.

${patch('a location may come with digests', 2, location('/src.img', `"metadata": {}, "validation_data": {"checksum": "1cbd8cdd6965af2fa4535a0a1dec1f6c", "os_hash_algo": "sha512", "os_hash_value": "${SHA}"}`))}
< 200
< (has) {"status": "active", "size": 16, "checksum": "1cbd8cdd6965af2fa4535a0a1dec1f6c", "os_hash_value": "${SHA}"}

${makeImage(3)}

newer services have a call that adds a location
> POST /v2/images/#3/locations
> (body) {"url": "http://{SOURCE}/src.img"}
< 202
= #3 {"status": "active", "size": 16}

an image without formats
> POST /v2/images
> (body) {"id": "#4"}
< 201

${patch('a location needs the formats of its image', 4, location('/src.img'))}
< 400
< (html) Properties disk_format, container_format must be set prior to saving data.
`,
  {showLocations: true},
)

/** The request to delete the data of an image from a store; its answer follows in the table. */
const deleteFrom = (title: string, store: string, number: number) => `${title}
> DELETE /v2/stores/${store}/#${number}`
const ONLY_STORE =
  'Cannot delete image data from the only store containing it. Consider deleting the image instead.'

replayV2(
  'data in stores',
  `
${makeImage(1, ', "visibility": "community"')}

${deleteFrom('deleting from an unknown store is 409', 'nope', 1)}
< 409
< (html) The selected store nope is not available on this node.

${deleteFrom('deleting the data of an image that does not exist is 404', 'file', 9)}
< 404
< (html) Failed to find image #9

${deleteFrom('deleting the data of a queued image is 409', 'file', 1)}
< 409
< (html) It&#x27;s not allowed to remove image data from store if image status is not &#x27;active&#x27;

an upload fills the image
> PUT /v2/images/#1/file
> content-type: application/octet-stream
> (body) 0123456789abcdef
< 204

${deleteFrom('deleting from the only store is 403', 'file', 1)}
< 403
< (html) ${ONLY_STORE}

${deleteFrom('deleting from another store is 403 while there is one', 'http', 1)}
< 403
< (html) ${ONLY_STORE}

${deleteFrom('only the owner deletes data from a store', 'file', 1)}
> as: beta
< 403
< (html) You do not own this image

${patch('a location is a second store', 1, location('/src.img'))}
< 200
< (has) {"stores": "file,http"}

${deleteFrom('one of two stores is left', 'file', 1)}
< 204
= #1 {"status": "active", "size": 16, "stores": "http"}

${deleteFrom('the one that is left stays', 'http', 1)}
< 403
< (html) ${ONLY_STORE}

${patch('a third location is in the same store', 1, location('/empty.img'))}
< 200
< (has) {"stores": "http,http"}

${deleteFrom('deleting from a store without the data is 404', 'file', 1)}
< 404
< (html) Image #1 is not stored in store file.

${makeImage(2)}

${deleteFrom('the data of an image that is not visible is 404', 'file', 2)}
> as: beta
< 404
< (html) Failed to find image #2

${patch('stores of a queued image are a property', 2, '[{"op": "add", "path": "/stores", "value": "x"}]')}
< 200
< (has) {"stores": "x", "status": "queued"}

${patch('a number as stores is 400 [differs: without the dump of the schema]', 2, '[{"op": "add", "path": "/stores", "value": 1}]')}
< 400
< (html) Provided object does not match schema &#x27;image&#x27;: 1 is not of type &#x27;string&#x27;

an upload gives it stores of its own
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> (body) 0123456789abcdef
< 204
= #2 {"stores": "file"}

${patch('the property is replaced, but not shown', 2, '[{"op": "replace", "path": "/stores", "value": "y"}]')}
< 200
< (has) {"stores": "file"}

${patch('the property is removed', 2, '[{"op": "remove", "path": "/stores"}]')}
< 200
< (has) {"stores": "file"}

${patch('removing it again is 409', 2, '[{"op": "remove", "path": "/stores"}]')}
< 409
< (html) There was a conflict when trying to complete your request. | Property stores does not exist.
`,
  {showLocations: true},
)

replayV2(
  'hidden locations',
  `
${makeImage(1)}

${patch('hidden locations cannot be added', 1, location('/src.img'))}
< 403
< (html) It&#x27;s not allowed to add locations if locations are invisible.

hidden locations are not shown
> GET /v2/images/#1
< 200
< (image) {"id": "#1", "name": "i1", "disk_format": "raw", "container_format": "bare"}
`,
)
