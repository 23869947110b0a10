/** Section G of the recorded exchanges: PUT of an image. */
import {witness} from './witness.js'

witness(
  'G. PUT of an image',
  `
image 58
> POST /v1/images
> *id: #58 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1 | *property-b: 2
> Content-Type: application/octet-stream
> (body) abc
< 201

image 59
> POST /v1/images
> *id: #59 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1 | *property-b: 2
> Content-Type: application/octet-stream
> (body) abc
< 201

image 60
> POST /v1/images
> *id: #60 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1 | *property-b: 2
> Content-Type: application/octet-stream
> (body) abc
< 201

image 61
> POST /v1/images
> *id: #61 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1 | *property-b: 2
> Content-Type: application/octet-stream
> (body) abc
< 201

image 75
> POST /v1/images
> *id: #75 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1 | *property-b: 2
> Content-Type: application/octet-stream
> (body) abc
< 201

image 76
> POST /v1/images
> *id: #76 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1 | *property-b: 2
> Content-Type: application/octet-stream
> (body) abc
< 201

image 77
> POST /v1/images
> *id: #77 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 78
> POST /v1/images
> *id: #78 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 79
> POST /v1/images
> *id: #79 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 80
> POST /v1/images
> *id: #80 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 81
> POST /v1/images
> *id: #81 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
< 201

image 82
> POST /v1/images
> *id: #82 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 83
> POST /v1/images
> *id: #83 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 84
> POST /v1/images
> *id: #84 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 85
> POST /v1/images
> *id: #85 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 86
> POST /v1/images
> *id: #86 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 87
> POST /v1/images
> *id: #87 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 88
> POST /v1/images
> *id: #88 | *name: noformats
< 201

image 89
> POST /v1/images
> *id: #89 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 90
> POST /v1/images
> *id: #90 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 91
> POST /v1/images
> *id: #91 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 92
> POST /v1/images
> *id: #92 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 93
> POST /v1/images
> *id: #93 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
< 201

image 94
> POST /v1/images
> *id: #94 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201

image 94 goes
> DELETE /v1/images/#94
< 200

image 1
> POST /v1/images
> *id: #1 | *name: alpha
< 201

G1 metadata only: name; the properties a and b are purged
> PUT /v1/images/#58
> *name: renamed
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#58","name":"renamed","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G2 one property given: the other goes
> PUT /v1/images/#59
> *property-a: 9
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#59","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"9"}}

G3 x-glance-registry-purge-props: true
> PUT /v1/images/#60
> x-glance-registry-purge-props: true | *property-c: 3
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#60","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"c":"3"}}

G4 x-glance-registry-purge-props: false
> PUT /v1/images/#61
> x-glance-registry-purge-props: false | *property-c: 3
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#61","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1","b":"2","c":"3"}}

image 62
> POST /v1/images
> *id: #62 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4a purge-props: False
> PUT /v1/images/#62
> x-glance-registry-purge-props: False
< 200
< (image) {"id":"#62","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 63
> POST /v1/images
> *id: #63 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4b purge-props: FALSE
> PUT /v1/images/#63
> x-glance-registry-purge-props: FALSE
< 200
< (image) {"id":"#63","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 64
> POST /v1/images
> *id: #64 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4c purge-props: 0
> PUT /v1/images/#64
> x-glance-registry-purge-props: 0
< 200
< (image) {"id":"#64","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 65
> POST /v1/images
> *id: #65 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4d purge-props: no
> PUT /v1/images/#65
> x-glance-registry-purge-props: no
< 200
< (image) {"id":"#65","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 66
> POST /v1/images
> *id: #66 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4e purge-props: off
> PUT /v1/images/#66
> x-glance-registry-purge-props: off
< 200
< (image) {"id":"#66","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 67
> POST /v1/images
> *id: #67 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4f purge-props: n
> PUT /v1/images/#67
> x-glance-registry-purge-props: n
< 200
< (image) {"id":"#67","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 68
> POST /v1/images
> *id: #68 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4g purge-props: f
> PUT /v1/images/#68
> x-glance-registry-purge-props: f
< 200
< (image) {"id":"#68","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 69
> POST /v1/images
> *id: #69 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4h purge-props: True
> PUT /v1/images/#69
> x-glance-registry-purge-props: True
< 200
< (image) {"id":"#69","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

image 70
> POST /v1/images
> *id: #70 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4i purge-props: 1
> PUT /v1/images/#70
> x-glance-registry-purge-props: 1
< 200
< (image) {"id":"#70","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

image 71
> POST /v1/images
> *id: #71 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4j purge-props: yes
> PUT /v1/images/#71
> x-glance-registry-purge-props: yes
< 200
< (image) {"id":"#71","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

image 72
> POST /v1/images
> *id: #72 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4k purge-props: on
> PUT /v1/images/#72
> x-glance-registry-purge-props: on
< 200
< (image) {"id":"#72","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

image 73
> POST /v1/images
> *id: #73 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4l purge-props: nonsense
> PUT /v1/images/#73
> x-glance-registry-purge-props: nonsense
< 200
< (image) {"id":"#73","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

image 74
> POST /v1/images
> *id: #74 | *name: g | *is_public: True | *disk_format: raw | *container_format: bare | *property-a: 1
> Content-Type: application/octet-stream
> (body) abc
< 201

G4m purge-props: (empty)
> PUT /v1/images/#74
> x-glance-registry-purge-props:
< 200
< (image) {"id":"#74","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":"1"}}

G5 a property with an empty value, purge-props false (stored as null, then not shown in headers)
> PUT /v1/images/#75
> x-glance-registry-purge-props: false | *property-a:
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#75","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"properties":{"a":null,"b":"2"}}

G6 ... HEAD of that image
> HEAD /v1/images/#75
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: text/html; charset=UTF-8
< (meta) {"status":"active","disk_format":"raw","name":"g","container_format":"bare","size":"3","is_public":"True","id":"#75","checksum":"900150983cd24fb0d6963f7d28e17f72","property-b":"2"}
< (empty)

G7 no metadata at all: every property goes, nothing else changes
> PUT /v1/images/#76
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#76","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G8 name header empty
> PUT /v1/images/#77
> *name:
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G9 every core field
> PUT /v1/images/#77
> *name: all | *is_public: False | *protected: True | *min_disk: 7 | *min_ram: 9 | *disk_format: qcow2
> *container_format: ovf | *owner: other
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"protected":true,"min_disk":7,"owner":"other"}

G10 protected back to False (an omitted is_public stays as it is)
> PUT /v1/images/#77
> *protected: False
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"min_disk":7,"owner":"other"}

G11 id differs
> PUT /v1/images/#77
> *id: #1
< 403
< (html) Forbidden to modify &#x27;id&#x27; of image.<br /><br />

G12 id the same
> PUT /v1/images/#77
> *id: #77
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"min_disk":7,"owner":"other"}

G13 status given, active image
> PUT /v1/images/#77
> *status: queued
< 403
< (html) Forbidden to modify &#x27;status&#x27; of image.<br /><br />
= status=active, size=3, checksum=900150983cd24fb0d6963f7d28e17f72

G14 status nonsense
> PUT /v1/images/#77
> *status: nosuch
< 403
< (html) Forbidden to modify &#x27;status&#x27; of image.<br /><br />

G15 size given, active image (administrator)
> PUT /v1/images/#77
> *size: 99
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#77","name":"all","status":"active","size":99,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","min_ram":9,"min_disk":7,"owner":"other"}

G16 ... HEAD afterwards
> HEAD /v1/images/#77
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: text/html; charset=UTF-8
< (meta) {"min_ram":"9","status":"active","disk_format":"qcow2","name":"all","min_disk":"7","owner":"other","container_format":"ovf","size":"99","id":"#77","checksum":"900150983cd24fb0d6963f7d28e17f72"}
< (empty)

G17 size given, active image, untouched status
> PUT /v1/images/#78
> *size: 99
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#78","name":"g","status":"active","size":99,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G18 ... and then GET: Content-Length follows the store, not the record
> GET /v1/images/#78
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"g","container_format":"bare","size":"3","is_public":"True","id":"#78","checksum":"900150983cd24fb0d6963f7d28e17f72"}
< (data) abc

G19 checksum given, active image (administrator)
> PUT /v1/images/#79
> *checksum: 11111111111111111111111111111111
< 200 | etag: 11111111111111111111111111111111
< (image) {"id":"#79","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"11111111111111111111111111111111","is_public":true}

G20 created_at given
> PUT /v1/images/#79
> *created_at: 2010-01-02T03:04:05
< 200 | etag: 11111111111111111111111111111111
< (image) {"id":"#79","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"11111111111111111111111111111111","is_public":true}

G21 deleted given
> PUT /v1/images/#79
> *deleted: True
< 200 | etag: 11111111111111111111111111111111
< (image) {"id":"#79","name":"g","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"11111111111111111111111111111111","is_public":true}

G22 bad disk_format
> PUT /v1/images/#80
> *disk_format: floppy
< 400
< (html) Invalid disk format &#x27;floppy&#x27; for image.<br /><br />

G23 formats that do not go together
> PUT /v1/images/#80
> *disk_format: ami
< 200 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#80","name":"g","status":"active","size":3,"disk_format":"ami","container_format":"ami","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true}

G24 name of 256 characters
> PUT /v1/images/#80
> *name: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
< 400
< (html) Image name too long: 256<br /><br />

G25 unknown x-image-meta header
> PUT /v1/images/#80
> *frobnicate: 1
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad header: x-image-meta-frobnicate

G26 min_disk not a number
> PUT /v1/images/#80
> *min_disk: x
< 400
< (html) Invalid value &#x27;x&#x27; for parameter &#x27;min_disk&#x27;: Cannot convert image min_disk &#x27;x&#x27; to an integer.<br /><br />

G27 upload into a queued image (properties are kept, new ones are added)
> PUT /v1/images/#81
> Content-Type: application/octet-stream | *property-b: 2
> (body) abcd
< 200 | etag: e2fc714c4727ee9395f324cd2e7f331f
< (image) {"id":"#81","name":"g","status":"active","size":4,"disk_format":"raw","container_format":"bare","checksum":"e2fc714c4727ee9395f324cd2e7f331f","is_public":true,"properties":{"a":"1","b":"2"}}

G28 upload into an active image
> PUT /v1/images/#81
> Content-Type: application/octet-stream
> (body) abcd
< 409
< (html) There was a conflict when trying to complete your request.<br /><br /> Cannot upload to an unqueued image
= status=active, size=4, checksum=e2fc714c4727ee9395f324cd2e7f331f

G29 upload, chunked, into a queued image
> PUT /v1/images/#82
> Content-Type: application/octet-stream
> (chunked) abcd
< 200 | etag: e2fc714c4727ee9395f324cd2e7f331f
< (image) {"id":"#82","name":"g","status":"active","size":4,"disk_format":"raw","container_format":"bare","checksum":"e2fc714c4727ee9395f324cd2e7f331f","is_public":true}

G30 upload into a queued image without Content-Type
> PUT /v1/images/#83
> (body) abcd
< 400
< (html) Content-Type must be application/octet-stream<br /><br />
= status=killed, size=0

G31 ... a second try: the image is killed now
> PUT /v1/images/#83
> Content-Type: application/octet-stream
> (body) abcd
< 409
< (html) There was a conflict when trying to complete your request.<br /><br /> Cannot upload to an unqueued image
= status=killed, size=0

G32 upload into a queued image, wrong checksum
> PUT /v1/images/#84
> *checksum: 00000000000000000000000000000000 | Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) Supplied checksum (00000000000000000000000000000000) and checksum generated from uploaded image (e2fc714c4727ee9395f324cd2e7f331f) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=0, checksum=00000000000000000000000000000000

G33 upload into a queued image, wrong size
> PUT /v1/images/#85
> *size: 9 | Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) Supplied size (9) and size generated from uploaded image (4) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=9

G34 queued image, PUT with Content-Length: 0 and the octet-stream type
> PUT /v1/images/#86
> Content-Type: application/octet-stream | Content-Length: 0
< 200
< (image) {"id":"#86","name":"g","status":"queued","size":0,"disk_format":"raw","container_format":"bare","is_public":true}
= status=queued, size=0

G35 queued image, PUT with size 0 (status stays queued)
> PUT /v1/images/#87
> *size: 0
< 200
< (image) {"id":"#87","name":"g","status":"queued","size":0,"disk_format":"raw","container_format":"bare","is_public":true}
= status=queued, size=0

G36 upload into a queued image that has no formats
> PUT /v1/images/#88
> Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=0

G37 ... again, this time naming the formats
> PUT /v1/images/#88
> *disk_format: raw | *container_format: bare | Content-Type: application/octet-stream
> (body) abcd
< 200 | etag: e2fc714c4727ee9395f324cd2e7f331f
< (image) {"id":"#88","name":"noformats","status":"active","size":4,"disk_format":"raw","container_format":"bare","checksum":"e2fc714c4727ee9395f324cd2e7f331f"}
= status=active, size=4, checksum=e2fc714c4727ee9395f324cd2e7f331f

G38 location into a queued image
> PUT /v1/images/#89
> *location: http://{SOURCE}/src.img
< 200
< (image) {"id":"#89","name":"g","status":"active","size":16,"disk_format":"raw","container_format":"bare","is_public":true}
= status=active, size=16

G39 location into an active image
> PUT /v1/images/#89
> *location: http://{SOURCE}/src.img
< 400
< (html) Attempted to update Location field for an image not in queued status.<br /><br />

G40 location 404 into a queued image
> PUT /v1/images/#90
> *location: http://{SOURCE}/nosuch
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
= status=queued, size=0

G41 location file: into a queued image
> PUT /v1/images/#91
> *location: file:///var/lib/glance/images/x
< 400
< (html) External sources are not supported: &#x27;file:///var/lib/glance/images/x&#x27;<br /><br />
= status=queued, size=0

G42 copy-from into a queued image
> PUT /v1/images/#92
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 200
< (image) {"id":"#92","name":"g","status":"queued","size":16,"disk_format":"raw","container_format":"bare","is_public":true}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

G43 copy-from into an active image
> PUT /v1/images/#92
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 400
< (html) Attempted to update Location field for an image not in queued status.<br /><br />

G44 location and body into a queued image
> PUT /v1/images/#93
> *location: http://{SOURCE}/src.img | Content-Type: application/octet-stream
> (body) abcd
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

G45 unknown image
> PUT /v1/images/#99999999
> *name: x
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

G46 unknown image, with a body
> PUT /v1/images/#99999999
> Content-Type: application/octet-stream
> (body) abcd
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

G47 deleted image
> PUT /v1/images/#94
> *name: x
< 403
< (html) Forbidden to update deleted image.<br /><br />
`,
)
