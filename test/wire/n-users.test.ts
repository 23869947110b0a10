/** Section N of the recorded exchanges: users, owners, sharing. Of publishing, by the policy that leaves it to administrators. */
import {witness} from './witness.js'

const UNAUTHORIZED =
  'This server could not verify that you are authorized to access the document you requested. Either you supplied the ' +
  'wrong credentials (e.g., bad password), or your browser does not understand how to supply the credentials required.'
const FORBIDDEN = 'Access was denied to this resource.'
const ALICE = 'X-Auth-Token: alice:tenantA:member'
const BOB = 'X-Auth-Token: bob:tenantB:member'
const ROOT = 'X-Auth-Token: root:tenantX:admin'
const DATA = 'Content-Type: application/octet-stream\n> (body) abc'
const FORMATS = '*disk_format: raw | *container_format: bare'
const STORED =
  '"status":"active","size":3,"checksum":"900150983cd24fb0d6963f7d28e17f72","disk_format":"raw","container_format":"bare"'
const noImage = (id: string) =>
  `The resource could not be found.<br /><br /> Image with identifier ${id} not found`

witness(
  'N. Users, owners, sharing',
  `
N1 no token
> GET /v1/images
< 401
< (html) ${UNAUTHORIZED}<br /><br />

N3 POST without token
> POST /v1/images
> ${FORMATS} | ${DATA}
< 401
< (html) ${UNAUTHORIZED}<br /><br />

N5 alice creates a private image and claims another owner: ignored
> POST /v1/images
> ${ALICE} | *id: #1 | *name: a-private | *owner: tenantZ | ${FORMATS} | ${DATA}
< 201
< (image) {"id":"#1","name":"a-private","owner":"tenantA",${STORED}}

N43 alice creates a public image
> POST /v1/images
> ${ALICE} | *id: #7 | *name: p | *is_public: True | ${FORMATS}
< 403
< (html) ${FORBIDDEN}<br /><br />

N44 alice publishes by PUT
> PUT /v1/images/#1
> ${ALICE} | *is_public: True
< 403
< (html) ${FORBIDDEN}<br /><br />

root creates a public image for alice
> POST /v1/images
> ${ROOT} | *id: #2 | *name: a-public | *owner: tenantA | *is_public: True | ${FORMATS} | ${DATA}
< 201

bob creates a private image
> POST /v1/images
> ${BOB} | *id: #3 | *name: b-private | ${FORMATS} | ${DATA}
< 201

N7 root creates an image for tenantB
> POST /v1/images
> ${ROOT} | *id: #4 | *name: r-for-b | *owner: tenantB | ${FORMATS} | ${DATA}
< 201
< (image) {"id":"#4","name":"r-for-b","owner":"tenantB",${STORED}}

N8 root creates an image without owner header
> POST /v1/images
> ${ROOT} | *id: #5 | *name: r-own | ${FORMATS} | ${DATA}
< 201
< (image) {"id":"#5","name":"r-own","owner":"tenantX",${STORED}}

N9 alice: list
> GET /v1/images
> ${ALICE}
< 200
< (names) a-public a-private

N9a bob: list
> GET /v1/images
> ${BOB}
< 200
< (names) r-for-b b-private a-public

N9b root: list
> GET /v1/images/detail
> ${ROOT}
< 200
< (names) r-own a-public

N9c root: is_public=None
> GET /v1/images?is_public=None
> ${ROOT}
< 200
< (names) r-own r-for-b b-private a-public a-private

N9d root: is_public=False
> GET /v1/images?is_public=False
> ${ROOT}
< 200
< (names) r-own r-for-b b-private a-private

N9e root: is_public=True
> GET /v1/images?is_public=True
> ${ROOT}
< 200
< (names) r-own a-public

N9f alice: is_public=None
> GET /v1/images?is_public=None
> ${ALICE}
< 200
< (names) a-public a-private

N9g alice: is_public=False, which only administrators can filter by
> GET /v1/images?is_public=False
> ${ALICE}
< 200
< (names) a-public a-private

N10 bob: HEAD of the private image of alice
> HEAD /v1/images/#1
> ${BOB}
< 404

N11 bob: GET of the private image of alice
> GET /v1/images/#1
> ${BOB}
< 404
< (html) ${noImage('#1')}

N12 bob: HEAD of the public image of alice
> HEAD /v1/images/#2
> ${BOB}
< 200
< (meta) {"id":"#2","name":"a-public","owner":"tenantA","is_public":"True","status":"active","size":"3","checksum":"900150983cd24fb0d6963f7d28e17f72","disk_format":"raw","container_format":"bare"}

N13 bob: PUT on the public image of alice
> PUT /v1/images/#2
> ${BOB} | *name: x
< 403
< (html) Forbidden to update image: 403 Forbidden ${FORBIDDEN} <br /><br />

N14 bob: DELETE of the public image of alice
> DELETE /v1/images/#2
> ${BOB}
< 403
< (html) Forbidden to delete image: 403 Forbidden ${FORBIDDEN} <br /><br />

N15 bob: PUT on the private image of alice
> PUT /v1/images/#1
> ${BOB} | *name: x
< 404
< (html) ${noImage('#1')}

N16 bob: DELETE of the private image of alice
> DELETE /v1/images/#1
> ${BOB}
< 404
< (html) ${noImage('#1')}

N17 bob: members of the private image of alice
> GET /v1/images/#1/members
> ${BOB}
< 404
< (html) ${noImage('#1')}

N18 bob: add himself to the private image of alice
> PUT /v1/images/#1/members/tenantB
> ${BOB}
< 404
< (html) ${noImage('#1')}

N19 bob: add a member to the public image of alice
> PUT /v1/images/#2/members/tenantC
> ${BOB}
< 404
< (html) 403 Forbidden ${FORBIDDEN} No permission to share that image <br /><br />

N20 alice: share the private image with tenantB
> PUT /v1/images/#1/members/tenantB
> ${ALICE}
< 204

N21 alice: members
> GET /v1/images/#1/members
> ${ALICE}
< 200
< (json) {"members":[{"member_id":"tenantB","can_share":false}]}

N22 bob: members of the image shared with him
> GET /v1/images/#1/members
> ${BOB}
< 200
< (json) {"members":[{"member_id":"tenantB","can_share":false}]}

N22a bob: list now
> GET /v1/images/detail
> ${BOB}
< 200
< (names) r-for-b b-private a-public a-private

N23 bob: HEAD of the shared image
> HEAD /v1/images/#1
> ${BOB}
< 200
< (meta) {"id":"#1","name":"a-private","owner":"tenantA","status":"active","size":"3","checksum":"900150983cd24fb0d6963f7d28e17f72","disk_format":"raw","container_format":"bare"}

N24 bob: PUT on the shared image
> PUT /v1/images/#1
> ${BOB} | *name: x
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

N25 bob: DELETE of the shared image
> DELETE /v1/images/#1
> ${BOB}
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

N26 bob: share it further (can_share is false)
> PUT /v1/images/#1/members/tenantC
> ${BOB}
< 404
< (html) 403 Forbidden ${FORBIDDEN} No permission to share that image <br /><br />

N27 alice: give bob can_share
> PUT /v1/images/#1/members/tenantB
> ${ALICE} | Content-Type: application/json
> (body) {"member": {"can_share": true}}
< 204

N28 bob: share it further now
> PUT /v1/images/#1/members/tenantC
> ${BOB}
< 204

N29 alice: members
> GET /v1/images/#1/members
> ${ALICE}
< 200
< (json) {"members":[{"member_id":"tenantB","can_share":true},{"member_id":"tenantC","can_share":false}]}

N30 bob: shared-images of tenantB
> GET /v1/shared-images/tenantB
> ${BOB}
< 200
< (json) {"shared_images":[{"image_id":"#1","can_share":true}]}

N31 bob: shared-images of tenantC (another tenant)
> GET /v1/shared-images/tenantC
> ${BOB}
< 200
< (json) {"shared_images":[]}

N32 alice: shared-images of tenantB
> GET /v1/shared-images/tenantB
> ${ALICE}
< 200
< (json) {"shared_images":[{"image_id":"#1","can_share":true}]}

N33 root: shared-images of tenantB
> GET /v1/shared-images/tenantB
> ${ROOT}
< 200
< (json) {"shared_images":[{"image_id":"#1","can_share":true}]}

N34 alice: size of an active image
> PUT /v1/images/#1
> ${ALICE} | *size: 99
< 403
< (html) Forbidden to modify &#x27;size&#x27; of active image.<br /><br />

N35 alice: checksum of an active image
> PUT /v1/images/#1
> ${ALICE} | *checksum: 11111111111111111111111111111111
< 403
< (html) Forbidden to modify &#x27;checksum&#x27; of active image.<br /><br />

N36 alice: disk_format of an active image
> PUT /v1/images/#1
> ${ALICE} | *disk_format: qcow2
< 200
< (image) {"id":"#1","name":"a-private","owner":"tenantA",${STORED.replace('"raw"', '"qcow2"')}}

N37 alice: owner (silently ignored)
> PUT /v1/images/#1
> ${ALICE} | *owner: tenantB
< 200
< (image) {"id":"#1","name":"a-private","owner":"tenantA",${STORED.replace('"raw"', '"qcow2"')}}

N38 alice: deletes the public image
> DELETE /v1/images/#2
> ${ALICE}
< 200
< (empty)

N39 alice: HEAD of it afterwards
> HEAD /v1/images/#2
> ${ALICE}
< 404

N40 alice: DELETE again
> DELETE /v1/images/#2
> ${ALICE}
< 404
< (html) ${noImage('#2')}

N40a alice: changes since long ago, deleted images among them
> GET /v1/images?changes-since=2011-01-01
> ${ALICE}
< 200
< (names) a-public a-private
`,
  {auth: 'fake'},
)
