/** PUT of an image, as recorded (section G). */
import {replay} from './replay.js'
import {ACTIVE, deleteImage, makeActive, makeQueued} from './shorthand.js'

/** The images that the tests change, from 58 on. */
const SETUP = [
  ...[58, 59, 60, 61, 75, 76].map(number => makeActive(number, ' | *property-a: 1 | *property-b: 2')),
  ...[77, 78, 79, 80].map(number => makeActive(number)),
  makeQueued(81, ' | *property-a: 1'),
  ...[82, 83, 84, 85, 86, 87].map(number => makeQueued(number)),
  'image 88, without formats\n> POST /v1/images\n> *id: #88 | *name: noformats\n< 201',
  ...[89, 90, 91, 92, 93].map(number => makeQueued(number)),
  makeActive(94),
  deleteImage(94),
  'image 1\n> POST /v1/images\n> *id: #1 | *name: alpha\n< 201',
].join('\n\n')

/** Values of purge-props, and whether they keep a property that is not named. */
const PURGE_VALUES: readonly (readonly [value: string, keeps: boolean])[] = [
  ['False', true],
  ['FALSE', true],
  ['0', true],
  ['no', true],
  ['off', true],
  ['n', true],
  ['f', true],
  ['True', false],
  ['1', false],
  ['yes', false],
  ['on', false],
  ['nonsense', true],
  ['', true],
]

/** G4a to G4m. */
const PURGES = PURGE_VALUES.map(([value, keeps], n) => {
  const number = 62 + n
  const properties = keeps ? ',"properties":{"a":"1"}' : ''
  return `${makeActive(number, ' | *property-a: 1')}

G4${'abcdefghijklm'[n]} purge-props ${value || '(empty)'} ${keeps ? 'keeps' : 'deletes'} a property that is not named
> PUT /v1/images/#${number}
${`> x-glance-registry-purge-props: ${value}`.trimEnd()}
< 200
< (image) {"id":"#${number}","name":"g",${ACTIVE}${properties}}`
}).join('\n\n')

replay(
  'changing an image',
  `
${SETUP}

G1 PUT of a name keeps the other fields and deletes all properties
> PUT /v1/images/#58
> *name: renamed
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#58","name":"renamed",${ACTIVE}}

G2 PUT of one property deletes the others
> PUT /v1/images/#59
> *property-a: 9
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#59","name":"g",${ACTIVE},"properties":{"a":"9"}}

G3 purge-props true deletes the properties that are not named
> PUT /v1/images/#60
> x-glance-registry-purge-props: true | *property-c: 3
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#60","name":"g",${ACTIVE},"properties":{"c":"3"}}

G4 purge-props false keeps the properties that are not named
> PUT /v1/images/#61
> x-glance-registry-purge-props: false | *property-c: 3
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#61","name":"g",${ACTIVE},"properties":{"a":"1","b":"2","c":"3"}}

${PURGES}

G5 an empty value sets a property to null
> PUT /v1/images/#75
> x-glance-registry-purge-props: false | *property-a:
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#75","name":"g",${ACTIVE},"properties":{"a":null,"b":"2"}}

G6 HEAD leaves out a property that is null
> HEAD /v1/images/#75
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: text/html; charset=UTF-8
< (meta) {"status":"active","disk_format":"raw","name":"g","container_format":"bare","size":"3","is_public":"True","id":"#75","checksum":"900150983cd24fb0d6963f7d28e17f72","property-b":"2"}
< (empty)

G7 PUT without headers deletes all properties and changes nothing else
> PUT /v1/images/#76
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#76","name":"g",${ACTIVE}}

G8 an empty name sets the name to null
> PUT /v1/images/#77
> *name:
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77",${ACTIVE}}

G9 PUT changes every settable field
> PUT /v1/images/#77
> *name: all | *is_public: False | *protected: True | *min_disk: 7 | *min_ram: 9 | *disk_format: qcow2
> *container_format: ovf | *owner: other
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"protected":true,"min_disk":7,"owner":"other"}

G10 PUT does not change is_public when it is not given
> PUT /v1/images/#77
> *protected: False
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"min_disk":7,"owner":"other"}

G11 another id is refused
> PUT /v1/images/#77
> *id: #1
< 403
< (html) Forbidden to modify &#x27;id&#x27; of image.<br /><br />

G12 the same id is accepted
> PUT /v1/images/#77
> *id: #77
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"min_disk":7,"owner":"other"}

G13 a status for an active image is refused
> PUT /v1/images/#77
> *status: queued
< 403
< (html) Forbidden to modify &#x27;status&#x27; of image.<br /><br />
= status=active, size=3, checksum=900150983cd24fb0d6963f7d28e17f72

G14 an unknown status is refused
> PUT /v1/images/#77
> *status: nosuch
< 403
< (html) Forbidden to modify &#x27;status&#x27; of image.<br /><br />

G15 an administrator may change the size of an active image
> PUT /v1/images/#77
> *size: 99
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":99,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"min_disk":7,"owner":"other"}

G16 HEAD shows the size that was set
> HEAD /v1/images/#77
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: text/html; charset=UTF-8
< (meta) {"min_ram":"9","status":"active","disk_format":"qcow2","name":"all","min_disk":"7","owner":"other","container_format":"ovf","size":"99","id":"#77","checksum":"900150983cd24fb0d6963f7d28e17f72"}
< (empty)

G17 the size of an active image can be set to another than that of its data
> PUT /v1/images/#78
> *size: 99
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#78","name":"g","status":"active","size":99,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G18 GET gives the size of the data, not the one that was set
> GET /v1/images/#78
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"g","container_format":"bare","size":"3","is_public":"True","id":"#78","checksum":"900150983cd24fb0d6963f7d28e17f72"}
< (data) abc

G19 an administrator may change the checksum of an active image
> PUT /v1/images/#79
> *checksum: 11111111111111111111111111111111
< 200 | etag: 11111111111111111111111111111111
< (image) {"id":"#79","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"11111111111111111111111111111111","is_public":true}

G20 a given created_at is ignored by PUT
> PUT /v1/images/#79
> *created_at: 2010-01-02T03:04:05
< 200 | etag: 11111111111111111111111111111111
< (image) {"id":"#79","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"11111111111111111111111111111111","is_public":true}

G21 a given deleted is ignored by PUT
> PUT /v1/images/#79
> *deleted: True
< 200 | etag: 11111111111111111111111111111111
< (image) {"id":"#79","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"11111111111111111111111111111111","is_public":true}

G22 an unknown disk_format is refused by PUT
> PUT /v1/images/#80
> *disk_format: floppy
< 400
< (html) Invalid disk format &#x27;floppy&#x27; for image.<br /><br />

G23 the disk_format ami alone implies the same container_format
> PUT /v1/images/#80
> *disk_format: ami
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#80","name":"g","status":"active","size":3,"disk_format":"ami","container_format":"ami","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G24 a name of 256 characters is refused by PUT
> PUT /v1/images/#80
> *name: (256 times n)
< 400
< (html) Image name too long: 256<br /><br />

G25 an unknown x-image-meta header is refused by PUT
> PUT /v1/images/#80
> *frobnicate: 1
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad header: x-image-meta-frobnicate

G26 a min_disk that is not a number is refused by PUT
> PUT /v1/images/#80
> *min_disk: x
< 400
< (html) Invalid value &#x27;x&#x27; for parameter &#x27;min_disk&#x27;: Cannot convert image min_disk &#x27;x&#x27; to an integer.<br /><br />

G27 an upload into a queued image keeps its properties and adds new ones
> PUT /v1/images/#81
> Content-Type: application/octet-stream | *property-b: 2
> (body) abcd
< 200 | etag: e2fc714c4727ee9395f324cd2e7f331f
< (image) {"id":"#81","name":"g","status":"active","size":4,"disk_format":"raw","container_format":"bare","checksum":"e2fc714c4727ee9395f324cd2e7f331f","is_public":true,"properties":{"a":"1","b":"2"}}

G28 an upload into an active image is refused with 409
> PUT /v1/images/#81
> Content-Type: application/octet-stream
> (body) abcd
< 409
< (html) There was a conflict when trying to complete your request.<br /><br /> Cannot upload to an unqueued image
= status=active, size=4, checksum=e2fc714c4727ee9395f324cd2e7f331f

G29 a chunked upload into a queued image makes it active
> PUT /v1/images/#82
> Content-Type: application/octet-stream
> (chunked) abcd
< 200 | etag: e2fc714c4727ee9395f324cd2e7f331f
< (image) {"id":"#82","name":"g","status":"active","size":4,"disk_format":"raw","container_format":"bare","checksum":"e2fc714c4727ee9395f324cd2e7f331f","is_public":true}

G30 an upload without a Content-Type is refused and leaves the image killed
> PUT /v1/images/#83
> (body) abcd
< 400
< (html) Content-Type must be application/octet-stream<br /><br />
= status=killed, size=0

G31 an upload into a killed image is refused with 409
> PUT /v1/images/#83
> Content-Type: application/octet-stream
> (body) abcd
< 409
< (html) There was a conflict when trying to complete your request.<br /><br /> Cannot upload to an unqueued image
= status=killed, size=0

G32 an upload with another checksum leaves the image killed
> PUT /v1/images/#84
> *checksum: 00000000000000000000000000000000 | Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) Supplied checksum (00000000000000000000000000000000) and checksum generated from uploaded image (e2fc714c4727ee9395f324cd2e7f331f) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=0, checksum=00000000000000000000000000000000

G33 an upload of another size than announced leaves the image killed
> PUT /v1/images/#85
> *size: 9 | Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) Supplied size (9) and size generated from uploaded image (4) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=9

G34 PUT with Content-Length: 0 leaves the image queued
> PUT /v1/images/#86
> Content-Type: application/octet-stream | Content-Length: 0
< 200
< (image) {"id":"#86","name":"g","status":"queued","size":0,"disk_format":"raw","container_format":"bare","is_public":true}
= status=queued, size=0

G35 PUT with a size of 0 leaves the image queued
> PUT /v1/images/#87
> *size: 0
< 200
< (image) {"id":"#87","name":"g","status":"queued","size":0,"disk_format":"raw","container_format":"bare","is_public":true}
= status=queued, size=0

G36 an upload into an image without formats is refused and leaves it queued
> PUT /v1/images/#88
> Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=0

G37 an upload may name the formats
> PUT /v1/images/#88
> *disk_format: raw | *container_format: bare | Content-Type: application/octet-stream
> (body) abcd
< 200 | etag: e2fc714c4727ee9395f324cd2e7f331f
< (image) {"id":"#88","name":"noformats","status":"active","size":4,"disk_format":"raw","container_format":"bare","checksum":"e2fc714c4727ee9395f324cd2e7f331f"}
= status=active, size=4, checksum=e2fc714c4727ee9395f324cd2e7f331f

G38 a location makes a queued image active
> PUT /v1/images/#89
> *location: http://{SOURCE}/src.img
< 200
< (image) {"id":"#89","name":"g","status":"active","size":16,"disk_format":"raw","container_format":"bare","is_public":true}
= status=active, size=16

G39 a location for an active image is refused
> PUT /v1/images/#89
> *location: http://{SOURCE}/src.img
< 400
< (html) Attempted to update Location field for an image not in queued status.<br /><br />

G40 a location whose server answers 404 leaves the image queued
> PUT /v1/images/#90
> *location: http://{SOURCE}/nosuch
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
= status=queued, size=0

G41 a location with the scheme file is refused and leaves the image queued
> PUT /v1/images/#91
> *location: file:///var/lib/glance/images/x
< 400
< (html) External sources are not supported: &#x27;file:///var/lib/glance/images/x&#x27;<br /><br />
= status=queued, size=0

G42 copy-from fills a queued image
> PUT /v1/images/#92
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 200
< (image) {"id":"#92","name":"g","status":"queued","size":16,"disk_format":"raw","container_format":"bare","is_public":true}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

G43 copy-from into an active image is refused
> PUT /v1/images/#92
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 400
< (html) Attempted to update Location field for an image not in queued status.<br /><br />

G44 a location and a body exclude each other in PUT
> PUT /v1/images/#93
> *location: http://{SOURCE}/src.img | Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

G45 PUT of an unknown image is 404
> PUT /v1/images/#99999999
> *name: x
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

G46 an upload into an unknown image is 404
> PUT /v1/images/#99999999
> Content-Type: application/octet-stream
> (body) abcd
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

G47 PUT of a deleted image is 403 for an administrator
> PUT /v1/images/#94
> *name: x
< 403
< (html) Forbidden to update deleted image.<br /><br />
`,
)
