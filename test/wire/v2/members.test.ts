/** Members in API v2, as recorded. */
import {replayV2} from './replay.js'
import {makeImage} from './shorthand.js'

replayV2(
  'members',
  `
${makeImage(1)}

the owner adds a member, which is pending
> POST /v2/images/#1/members
> (body) {"member": "beta"}
< 200
< (json) {"member_id": "beta", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}

adding the same member again is 409
> POST /v2/images/#1/members
> (body) {"member": "beta"}
< 409
< (html) Member beta is duplicated for image #1

${makeImage(2, ', "visibility": "private"')}

adding a member to a private image is 403
> POST /v2/images/#2/members
> (body) {"member": "beta"}
< 403
< (html) Not allowed to create members for image #2.

adding a member without naming it is 400
> POST /v2/images/#1/members
> (body) {}
< 400
< (html) Member to be added not specified

a project that does not exist can be a member
> POST /v2/images/#1/members
> (body) {"member": "who"}
< 200

the owner sees all members
> GET /v2/images/#1/members
< 200
< (json) {"members": [{"member_id": "beta", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}, {"member_id": "who", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}], "schema": "/v2/schemas/members"}

a member sees only its own membership
> GET /v2/images/#1/members
> as: beta
< 200
< (json) {"members": [{"member_id": "beta", "image_id": "#1", "status": "pending", "schema": "/v2/schemas/member"}], "schema": "/v2/schemas/members"}

a pending member sees the image by its id
> GET /v2/images/#1
> as: beta
< 200
< (has) {"name": "i1"}

the list of a pending member leaves out the image
> GET /v2/images
> as: beta
< 200
< (json) {"images": [], "first": "/v2/images", "schema": "/v2/schemas/images"}

member_status=pending lists the image
> GET /v2/images?visibility=shared&member_status=pending
> as: beta
< 200
< (names) i1(-)

a member accepts
> PUT /v2/images/#1/members/beta
> as: beta
> (body) {"status": "accepted"}
< 200
< (has) {"status": "accepted"}

the list of an accepted member has the image
> GET /v2/images
> as: beta
< 200
< (names) i1(-)

a member rejects
> PUT /v2/images/#1/members/beta
> as: beta
> (body) {"status": "rejected"}
< 200
< (has) {"status": "rejected"}

an unknown status of a member is 400
> PUT /v2/images/#1/members/beta
> as: beta
> (body) {"status": "perhaps"}
< 400
< (html) Incorrect request: Status must be &quot;pending&quot;, &quot;accepted&quot; or &quot;rejected&quot;.

the owner cannot accept for the member
> PUT /v2/images/#1/members/beta
> (body) {"status": "accepted"}
< 403
< (html) Not allowed to update members for image #1.

a member cannot add members
> POST /v2/images/#1/members
> as: beta
> (body) {"member": "x"}
< 403
< (html) Not allowed to create members for image #1.

a member cannot remove itself
> DELETE /v2/images/#1/members/beta
> as: beta
< 403
< (html) Not allowed to delete members for image #1.

the owner removes a member
> DELETE /v2/images/#1/members/beta
< 204

removing the same member again is 404
> DELETE /v2/images/#1/members/beta
< 404
< (html) beta not found in the member list of the image #1.

the members of an unknown image are 404
> GET /v2/images/#9/members
< 404
< (html) Image #9 not found.
`,
)
