/** DELETE of an image, as recorded (section H). */
import {replay} from './replay.js'
import {makeActive, makeQueued} from './shorthand.js'

replay(
  'deleting an image',
  `
${makeActive(95)}

${makeActive(96, ' | *protected: True')}

${makeQueued(97)}

image 98
> POST /v1/images
> *id: #98 | *disk_format: raw | *container_format: bare
> (body) abc
< 400
= status=killed, size=0

image 99
> POST /v1/images
> *id: #99 | *disk_format: raw | *container_format: bare | *location: http://{SOURCE}/src.img
< 201

${makeActive(100)}

${makeActive(101)}

H1 DELETE answers 200 with an empty body
> DELETE /v1/images/#95
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H2 a second DELETE is 404
> DELETE /v1/images/#95
< 404
< (html) Image #95 not found.<br /><br />

H3 an administrator still sees a deleted image with HEAD
> HEAD /v1/images/#95
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: text/html; charset=UTF-8
< (meta) {"status":"deleted","disk_format":"raw","name":"g","deleted":"True","container_format":"bare","size":"3","is_public":"True","id":"#95","checksum":"900150983cd24fb0d6963f7d28e17f72","deleted_at":"TIME"}
< (empty)

H4 GET of a deleted image is 404
> GET /v1/images/#95
< 404
< (html) The resource could not be found.<br /><br /> Image #95 is not active

H5 DELETE of a protected image is 403
> DELETE /v1/images/#96
< 403
< (html) Image is protected<br /><br />

H6 DELETE of an unknown image is 404
> DELETE /v1/images/#99999999
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

H7 DELETE of an id that is not a UUID is 404
> DELETE /v1/images/12345
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier 12345 not found

H8 a queued image can be deleted
> DELETE /v1/images/#97
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H9 a killed image can be deleted
> DELETE /v1/images/#98
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H10 DELETE of an image at a location does not touch the remote data
> DELETE /v1/images/#99
< 200 | content-type: text/html; charset=UTF-8
< (empty)

H11 DELETE with a body that is not JSON is refused
> DELETE /v1/images/#100
> Content-Type: application/octet-stream
> (body) x
< 400
< (html) Malformed JSON in request body.<br /><br />

H12 GET of an image whose file is missing is 404
! remove-file #101
> GET /v1/images/#101
< 404
< (html) Image /STORE/#101 not found<br /><br />

H13 DELETE of an image whose file is missing answers 200
> DELETE /v1/images/#101
< 200 | content-type: text/html; charset=UTF-8
< (empty)
`,
)
