/** Users, owners and sharing, as recorded (section N), with the policy that only administrators publish. */
import {replay} from './replay.js'

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

replay(
  'users, owners and sharing',
  `
N1 a list without a token is 401
> GET /v1/images
< 401
< (html) ${UNAUTHORIZED}<br /><br />

N3 POST without a token is 401
> POST /v1/images
> ${FORMATS} | ${DATA}
< 401
< (html) ${UNAUTHORIZED}<br /><br />

N5 a member cannot choose another owner: the given one is ignored
> POST /v1/images
> ${ALICE} | *id: #1 | *name: a-private | *owner: tenantZ | ${FORMATS} | ${DATA}
< 201
< (image) {"id":"#1","name":"a-private","owner":"tenantA",${STORED}}

N43 POST of a public image needs an administrator
> POST /v1/images
> ${ALICE} | *id: #7 | *name: p | *is_public: True | ${FORMATS}
< 403
< (html) ${FORBIDDEN}<br /><br />

N44 PUT of is_public needs an administrator
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

N7 an administrator may choose the owner
> POST /v1/images
> ${ROOT} | *id: #4 | *name: r-for-b | *owner: tenantB | ${FORMATS} | ${DATA}
< 201
< (image) {"id":"#4","name":"r-for-b","owner":"tenantB",${STORED}}

N8 an image without an owner header belongs to the project of the administrator
> POST /v1/images
> ${ROOT} | *id: #5 | *name: r-own | ${FORMATS} | ${DATA}
< 201
< (image) {"id":"#5","name":"r-own","owner":"tenantX",${STORED}}

N9 a member sees public images, their own and those shared with them
> GET /v1/images
> ${ALICE}
< 200
< (names) a-public a-private

N9a another member sees the public images and their own
> GET /v1/images
> ${BOB}
< 200
< (names) r-for-b b-private a-public

N9b an administrator sees the public images and those of their own project
> GET /v1/images/detail
> ${ROOT}
< 200
< (names) r-own a-public

N9c is_public=None lists all images for an administrator
> GET /v1/images?is_public=None
> ${ROOT}
< 200
< (names) r-own r-for-b b-private a-public a-private

N9d is_public=False lists all private images for an administrator
> GET /v1/images?is_public=False
> ${ROOT}
< 200
< (names) r-own r-for-b b-private a-private

N9e is_public=True lists the public images for an administrator
> GET /v1/images?is_public=True
> ${ROOT}
< 200
< (names) r-own a-public

N9f is_public=None has no effect for a member
> GET /v1/images?is_public=None
> ${ALICE}
< 200
< (names) a-public a-private

N9g is_public=False has no effect for a member
> GET /v1/images?is_public=False
> ${ALICE}
< 200
< (names) a-public a-private

N10 HEAD of a private image of another tenant is 404
> HEAD /v1/images/#1
> ${BOB}
< 404

N11 GET of a private image of another tenant is 404
> GET /v1/images/#1
> ${BOB}
< 404
< (html) ${noImage('#1')}

N12 HEAD of a public image of another tenant works
> HEAD /v1/images/#2
> ${BOB}
< 200
< (meta) {"id":"#2","name":"a-public","owner":"tenantA","is_public":"True","status":"active","size":"3","checksum":"900150983cd24fb0d6963f7d28e17f72","disk_format":"raw","container_format":"bare"}

N13 PUT of a public image of another tenant is 403
> PUT /v1/images/#2
> ${BOB} | *name: x
< 403
< (html) Forbidden to update image: 403 Forbidden ${FORBIDDEN} <br /><br />

N14 DELETE of a public image of another tenant is 403
> DELETE /v1/images/#2
> ${BOB}
< 403
< (html) Forbidden to delete image: 403 Forbidden ${FORBIDDEN} <br /><br />

N15 PUT of a private image of another tenant is 404
> PUT /v1/images/#1
> ${BOB} | *name: x
< 404
< (html) ${noImage('#1')}

N16 DELETE of a private image of another tenant is 404
> DELETE /v1/images/#1
> ${BOB}
< 404
< (html) ${noImage('#1')}

N17 the members of a private image of another tenant are 404
> GET /v1/images/#1/members
> ${BOB}
< 404
< (html) ${noImage('#1')}

N18 adding oneself to a private image of another tenant is 404
> PUT /v1/images/#1/members/tenantB
> ${BOB}
< 404
< (html) ${noImage('#1')}

N19 sharing a public image of another tenant is 404, with the 403 of the registry in the message
> PUT /v1/images/#2/members/tenantC
> ${BOB}
< 404
< (html) 403 Forbidden ${FORBIDDEN} No permission to share that image <br /><br />

N20 the owner may share a private image
> PUT /v1/images/#1/members/tenantB
> ${ALICE}
< 204

N21 the owner sees all members
> GET /v1/images/#1/members
> ${ALICE}
< 200
< (json) {"members":[{"member_id":"tenantB","can_share":false}]}

N22 a member sees only their own membership
> GET /v1/images/#1/members
> ${BOB}
< 200
< (json) {"members":[{"member_id":"tenantB","can_share":false}]}

N22a the list of a member has the image that is shared with them
> GET /v1/images/detail
> ${BOB}
< 200
< (names) r-for-b b-private a-public a-private

N23 HEAD of an image shared with the caller works
> HEAD /v1/images/#1
> ${BOB}
< 200
< (meta) {"id":"#1","name":"a-private","owner":"tenantA","status":"active","size":"3","checksum":"900150983cd24fb0d6963f7d28e17f72","disk_format":"raw","container_format":"bare"}

N24 PUT of an image shared with the caller fails with 500
> PUT /v1/images/#1
> ${BOB} | *name: x
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

N25 DELETE of an image shared with the caller fails with 500
> DELETE /v1/images/#1
> ${BOB}
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

N26 a member without can_share cannot share the image
> PUT /v1/images/#1/members/tenantC
> ${BOB}
< 404
< (html) 403 Forbidden ${FORBIDDEN} No permission to share that image <br /><br />

N27 the owner may give can_share to a member
> PUT /v1/images/#1/members/tenantB
> ${ALICE} | Content-Type: application/json
> (body) {"member": {"can_share": true}}
< 204

N28 a member with can_share may share the image
> PUT /v1/images/#1/members/tenantC
> ${BOB}
< 204

N29 the owner sees the member that another member added
> GET /v1/images/#1/members
> ${ALICE}
< 200
< (json) {"members":[{"member_id":"tenantB","can_share":true},{"member_id":"tenantC","can_share":false}]}

N30 shared-images of the tenant of the caller lists the shared image
> GET /v1/shared-images/tenantB
> ${BOB}
< 200
< (json) {"shared_images":[{"image_id":"#1","can_share":true}]}

N31 shared-images of another tenant is an empty list for a member who owns none of the images
> GET /v1/shared-images/tenantC
> ${BOB}
< 200
< (json) {"shared_images":[]}

N32 the owner sees in shared-images what they share with a tenant
> GET /v1/shared-images/tenantB
> ${ALICE}
< 200
< (json) {"shared_images":[{"image_id":"#1","can_share":true}]}

N33 an administrator sees the shared images of any tenant
> GET /v1/shared-images/tenantB
> ${ROOT}
< 200
< (json) {"shared_images":[{"image_id":"#1","can_share":true}]}

N34 a member may not change the size of an active image
> PUT /v1/images/#1
> ${ALICE} | *size: 99
< 403
< (html) Forbidden to modify &#x27;size&#x27; of active image.<br /><br />

N35 a member may not change the checksum of an active image
> PUT /v1/images/#1
> ${ALICE} | *checksum: 11111111111111111111111111111111
< 403
< (html) Forbidden to modify &#x27;checksum&#x27; of active image.<br /><br />

N36 a member may change the disk_format of an active image
> PUT /v1/images/#1
> ${ALICE} | *disk_format: qcow2
< 200
< (image) {"id":"#1","name":"a-private","owner":"tenantA",${STORED.replace('"raw"', '"qcow2"')}}

N37 another owner given by a member is ignored
> PUT /v1/images/#1
> ${ALICE} | *owner: tenantB
< 200
< (image) {"id":"#1","name":"a-private","owner":"tenantA",${STORED.replace('"raw"', '"qcow2"')}}

N38 a member may delete their own image
> DELETE /v1/images/#2
> ${ALICE}
< 200
< (empty)

N39 HEAD of a deleted image is 404 for a member
> HEAD /v1/images/#2
> ${ALICE}
< 404

N40 a second DELETE is 404 for a member
> DELETE /v1/images/#2
> ${ALICE}
< 404
< (html) ${noImage('#2')}

N40a changes-since lists the deleted images of a member
> GET /v1/images?changes-since=2011-01-01
> ${ALICE}
< 200
< (names) a-public a-private
`,
  {auth: 'fake'},
)
