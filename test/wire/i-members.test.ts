/** Section I of the recorded exchanges: Members and shared images. */
import {witness} from './witness.js'

witness(
  'I. Members and shared images',
  `
image 201
> POST /v1/images
> *id: #201 | *name: m
< 201

image 202, shared with tenant1
> POST /v1/images
> *id: #202 | *name: m
< 201

the share
> PUT /v1/images/#202/members/tenant1
> (body) {"member": {"can_share": true}}
< 204

image 203, public
> POST /v1/images
> *id: #203 | *name: m | *is_public: True
< 201

I1 members of an image that has none
> GET /v1/images/#201/members
< 200
< (json) {"members":[]}

I2 add a member, no body at all
> PUT /v1/images/#201/members/tenant1
< 204
< (empty)

I3 add a member, can_share true
> PUT /v1/images/#201/members/tenant2
> Content-Type: application/json
> (body) {"member": {"can_share": true}}
< 204
< (empty)

I4 list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":true}]}

I5 add an existing member again without a body: can_share stays
> PUT /v1/images/#201/members/tenant2
< 204
< (empty)

I6 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":true}]}

I7 existing member, can_share false
> PUT /v1/images/#201/members/tenant2
> Content-Type: application/json
> (body) {"member": {"can_share": false}}
< 204
< (empty)

I8 can_share given as a string (any non-empty string is true)
> PUT /v1/images/#201/members/tenant3
> Content-Type: application/json
> (body) {"member": {"can_share": "false"}}
< 204
< (empty)

I9 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":false},{"member_id":"tenant3","can_share":true}]}

I10 body without Content-Type
> PUT /v1/images/#201/members/tenant4
> (body) {"member": {"can_share": true}}
< 204
< (empty)

I11 empty JSON object
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) {}
< 204
< (empty)

I12 object of another shape
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) {"can_share": true}
< 204
< (empty)

I13 body is no JSON
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) nonsense
< 400
< (html) Malformed JSON in request body.<br /><br />

I14 body is a JSON list
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) []
< 204
< (empty)

I15 body is a JSON string
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) "x"
< 400
< (html) Unexpected body type. Expected list/dict.<br /><br />

I16 member is null
> PUT /v1/images/#201/members/tenant6
> Content-Type: application/json
> (body) {"member": null}
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

I17 list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":false},{"member_id":"tenant3","can_share":true},{"member_id":"tenant4","can_share":true},{"member_id":"tenant5","can_share":false}]}

I18 replace all
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": [{"member_id": "tenant1", "can_share": true}, {"member_id": "tenant9"}]}
< 204
< (empty)

I19 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":true},{"member_id":"tenant9","can_share":false}]}

I20 replace all, can_share left out for an existing member (kept)
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": [{"member_id": "tenant1"}]}
< 204
< (empty)

I21 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":true}]}

I22 replace with a bare list, as the 2011.3 and 2012.x clients send it
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) [{"member_id": "tenant7", "can_share": false}]
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

I23 replace with the old key "members"
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"members": [{"member_id": "tenant7"}]}
< 400
< (html) 400 Bad Request Invalid membership association: &#x27;member_id&#x27; <br /><br />

I24 replace with one bare membership object
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"member_id": "tenant7"}
< 204
< (empty)

I25 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant7","can_share":false}]}

I26 replace, membership without member_id
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": [{"can_share": true}]}
< 400
< (html) 400 Bad Request Invalid membership association: &#x27;member_id&#x27; <br /><br />

I27 replace with an empty list
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": []}
< 204
< (empty)

I28 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[]}

I29 replace without a body
> PUT /v1/images/#201/members
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

I30 adding a member that was removed earlier, without a body: 204, but nothing happens
> PUT /v1/images/#201/members/tenant1
< 204
< (empty)

I31 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[]}

I32 adding it with a body works
> PUT /v1/images/#201/members/tenant1
> Content-Type: application/json
> (body) {"member": {"can_share": false}}
< 204
< (empty)

I33 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false}]}

I34 shared-images of a tenant
> GET /v1/shared-images/tenant1
< 200
< (json) {"shared_images":[{"image_id":"#201","can_share":false},{"image_id":"#202","can_share":true}]}

I35 shared-images of an unknown tenant
> GET /v1/shared-images/nosuch
< 200
< (json) {"shared_images":[]}

I36 shared-images without a tenant
> GET /v1/shared-images
< 404
< (html) The resource could not be found.<br /><br />

I37 POST to shared-images (no method restriction)
> POST /v1/shared-images/tenant1
> Content-Length: 0
< 200
< (json) {"shared_images":[{"image_id":"#201","can_share":false},{"image_id":"#202","can_share":true}]}

I38 delete a member
> DELETE /v1/images/#201/members/tenant1
< 204
< (empty)

I39 delete it again
> DELETE /v1/images/#201/members/tenant1
< 404
< (html) 404 Not Found Membership could not be found. <br /><br />

I40 delete a member that never was
> DELETE /v1/images/#201/members/nosuch
< 404
< (html) 404 Not Found Membership could not be found. <br /><br />

I41 GET of one member (no such operation)
> GET /v1/images/#201/members/tenant1
< 405
< (html) The method GET is not allowed for this resource. <br /><br />

I42 POST to the members collection
> POST /v1/images/#201/members
> Content-Type: application/json
> (body) {}
< 405 | allow: GET, PUT
< (html) The method POST is not allowed for this resource. <br /><br />

I43 members of an unknown image
> GET /v1/images/#99999999/members
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I44 add a member to an unknown image
> PUT /v1/images/#99999999/members/tenant1
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I45 replace members of an unknown image
> PUT /v1/images/#99999999/members
> Content-Type: application/json
> (body) {"memberships": []}
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I46 delete a member of an unknown image
> DELETE /v1/images/#99999999/members/tenant1
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I47 member id with escaped characters (stored unescaped)
> PUT /v1/images/#201/members/a%20b%40c
< 204
< (empty)

I48 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"a b@c","can_share":false}]}

I49 ... and its shared images
> GET /v1/shared-images/a%20b%40c
< 200
< (json) {"shared_images":[{"image_id":"#201","can_share":false}]}

I50 member id with a dot
> PUT /v1/images/#201/members/dotted.tenant
< 204
< (empty)

I51 ... list
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"a b@c","can_share":false},{"member_id":"dotted.tenant","can_share":false}]}

I52 add a member to a public image
> PUT /v1/images/#203/members/tenant1
< 204
< (empty)

I53 ... list
> GET /v1/images/#203/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false}]}

image 202 goes
> DELETE /v1/images/#202
< 200

I54 members of a deleted image
> GET /v1/images/#202/members
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #202 has been deleted.

I55 shared-images after one of the images was deleted
> GET /v1/shared-images/tenant1
< 200
< (json) {"shared_images":[{"image_id":"#203","can_share":false}]}
`,
)
