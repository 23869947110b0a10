/** Members and shared images, as recorded (section I). */
import {replay} from './replay.js'
import {deleteImage} from './shorthand.js'

replay(
  'members',
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

I1 an image without members has an empty list
> GET /v1/images/#201/members
< 200
< (json) {"members":[]}

I2 a member can be added without a body and cannot share then
> PUT /v1/images/#201/members/tenant1
< 204
< (empty)

I3 a member can be added with can_share
> PUT /v1/images/#201/members/tenant2
> Content-Type: application/json
> (body) {"member": {"can_share": true}}
< 204
< (empty)

I4 the members of an image are listed with can_share
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":true}]}

I5 adding a member again without a body answers 204
> PUT /v1/images/#201/members/tenant2
< 204
< (empty)

I6 the list shows that can_share was kept
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":true}]}

I7 can_share of a member can be set to false
> PUT /v1/images/#201/members/tenant2
> Content-Type: application/json
> (body) {"member": {"can_share": false}}
< 204
< (empty)

I8 a can_share that is a non-empty string counts as true
> PUT /v1/images/#201/members/tenant3
> Content-Type: application/json
> (body) {"member": {"can_share": "false"}}
< 204
< (empty)

I9 the list shows both changes of can_share
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":false},{"member_id":"tenant3","can_share":true}]}

I10 the body of a member needs no Content-Type
> PUT /v1/images/#201/members/tenant4
> (body) {"member": {"can_share": true}}
< 204
< (empty)

I11 an empty object adds a member that cannot share
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) {}
< 204
< (empty)

I12 an object without member is accepted and changes nothing
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) {"can_share": true}
< 204
< (empty)

I13 a body that is not JSON is refused
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) nonsense
< 400
< (html) Malformed JSON in request body.<br /><br />

I14 a list as the body is accepted and changes nothing
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) []
< 204
< (empty)

I15 a string as the body is refused
> PUT /v1/images/#201/members/tenant5
> Content-Type: application/json
> (body) "x"
< 400
< (html) Unexpected body type. Expected list/dict.<br /><br />

I16 a member of null fails with 500
> PUT /v1/images/#201/members/tenant6
> Content-Type: application/json
> (body) {"member": null}
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

I17 the list shows all members that were added
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false},{"member_id":"tenant2","can_share":false},{"member_id":"tenant3","can_share":true},{"member_id":"tenant4","can_share":true},{"member_id":"tenant5","can_share":false}]}

I18 memberships replaces all members
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": [{"member_id": "tenant1", "can_share": true}, {"member_id": "tenant9"}]}
< 204
< (empty)

I19 the list shows only the members that were given
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":true},{"member_id":"tenant9","can_share":false}]}

I20 a membership without can_share is accepted
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": [{"member_id": "tenant1"}]}
< 204
< (empty)

I21 the list shows that can_share was kept for the member that stayed
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":true}]}

I22 a bare list of memberships fails with 500
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) [{"member_id": "tenant7", "can_share": false}]
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

I23 the old key members is refused
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"members": [{"member_id": "tenant7"}]}
< 400
< (html) 400 Bad Request Invalid membership association: &#x27;member_id&#x27; <br /><br />

I24 one bare membership replaces all members
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"member_id": "tenant7"}
< 204
< (empty)

I25 the list shows that one member
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant7","can_share":false}]}

I26 a membership without member_id is refused
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": [{"can_share": true}]}
< 400
< (html) 400 Bad Request Invalid membership association: &#x27;member_id&#x27; <br /><br />

I27 an empty list of memberships is accepted
> PUT /v1/images/#201/members
> Content-Type: application/json
> (body) {"memberships": []}
< 204
< (empty)

I28 the list is empty after that
> GET /v1/images/#201/members
< 200
< (json) {"members":[]}

I29 replacing without a body fails with 500
> PUT /v1/images/#201/members
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

I30 adding a removed member without a body answers 204 and does nothing
> PUT /v1/images/#201/members/tenant1
< 204
< (empty)

I31 the list is still empty
> GET /v1/images/#201/members
< 200
< (json) {"members":[]}

I32 adding a removed member with a body answers 204
> PUT /v1/images/#201/members/tenant1
> Content-Type: application/json
> (body) {"member": {"can_share": false}}
< 204
< (empty)

I33 the list shows the member again
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false}]}

I34 shared-images lists the images that are shared with a tenant
> GET /v1/shared-images/tenant1
< 200
< (json) {"shared_images":[{"image_id":"#201","can_share":false},{"image_id":"#202","can_share":true}]}

I35 shared-images of an unknown tenant is an empty list
> GET /v1/shared-images/nosuch
< 200
< (json) {"shared_images":[]}

I36 shared-images without a tenant is 404
> GET /v1/shared-images
< 404
< (html) The resource could not be found.<br /><br />

I37 shared-images answers POST like GET
> POST /v1/shared-images/tenant1
> Content-Length: 0
< 200
< (json) {"shared_images":[{"image_id":"#201","can_share":false},{"image_id":"#202","can_share":true}]}

I38 DELETE removes a member
> DELETE /v1/images/#201/members/tenant1
< 204
< (empty)

I39 a second DELETE of a member is 404
> DELETE /v1/images/#201/members/tenant1
< 404
< (html) 404 Not Found Membership could not be found. <br /><br />

I40 DELETE of a tenant that was never a member is 404
> DELETE /v1/images/#201/members/nosuch
< 404
< (html) 404 Not Found Membership could not be found. <br /><br />

I41 GET of one member is 405
> GET /v1/images/#201/members/tenant1
< 405
< (html) The method GET is not allowed for this resource. <br /><br />

I42 POST to the members is 405
> POST /v1/images/#201/members
> Content-Type: application/json
> (body) {}
< 405 | allow: GET, PUT
< (html) The method POST is not allowed for this resource. <br /><br />

I43 the members of an unknown image are 404
> GET /v1/images/#99999999/members
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I44 adding a member to an unknown image is 404
> PUT /v1/images/#99999999/members/tenant1
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I45 replacing the members of an unknown image is 404
> PUT /v1/images/#99999999/members
> Content-Type: application/json
> (body) {"memberships": []}
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I46 removing a member of an unknown image is 404
> DELETE /v1/images/#99999999/members/tenant1
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

I47 an escaped member id is stored unescaped
> PUT /v1/images/#201/members/a%20b%40c
< 204
< (empty)

I48 the list shows the unescaped member id
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"a b@c","can_share":false}]}

I49 shared-images takes the escaped member id
> GET /v1/shared-images/a%20b%40c
< 200
< (json) {"shared_images":[{"image_id":"#201","can_share":false}]}

I50 a member id may have a dot
> PUT /v1/images/#201/members/dotted.tenant
< 204
< (empty)

I51 the list shows the member id with the dot
> GET /v1/images/#201/members
< 200
< (json) {"members":[{"member_id":"a b@c","can_share":false},{"member_id":"dotted.tenant","can_share":false}]}

I52 a public image may have members
> PUT /v1/images/#203/members/tenant1
< 204
< (empty)

I53 the list shows the member of the public image
> GET /v1/images/#203/members
< 200
< (json) {"members":[{"member_id":"tenant1","can_share":false}]}

${deleteImage(202)}

I54 the members of a deleted image are 404
> GET /v1/images/#202/members
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #202 has been deleted.

I55 shared-images leaves out a deleted image
> GET /v1/shared-images/tenant1
< 200
< (json) {"shared_images":[{"image_id":"#203","can_share":false}]}
`,
)
