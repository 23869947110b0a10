/** The usual requests that create an image, as recorded (section C). */
import {replay} from './replay.js'

replay(
  'creating images',
  `
C1 POST with a body and every settable field makes an active image
> POST /v1/images
> *id: #1 | *name: alpha | *is_public: True | *disk_format: raw | *container_format: bare | *min_disk: 0
> *min_ram: 0 | *protected: False | *owner: someone | *property-distro: ubuntu | *property-arch: x86_64
> Content-Type: application/octet-stream
> (body) hello world
< 201 | location: http://{HOST}/v1/images/#1 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3
< (image) {"id":"#1","name":"alpha","status":"active","size":11,"disk_format":"raw","container_format":"bare","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","is_public":true,"owner":"someone","properties":{"distro":"ubuntu","arch":"x86_64"}}

C2 a chunked body needs no announced size
> POST /v1/images
> *id: #2 | *name: beta | *is_public: True | *disk_format: qcow2 | *container_format: ovf | *min_disk: 10
> *min_ram: 512 | *property-distro: debian | Content-Type: application/octet-stream
> (chunked) abc
< 201 | location: http://{HOST}/v1/images/#2 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#2","name":"beta","status":"active","size":3,"disk_format":"qcow2","container_format":"ovf","checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true,"min_ram":512,"min_disk":10,"properties":{"distro":"debian"}}

C3 POST without a body reserves a queued image
> POST /v1/images
> *id: #3 | *name: gamma | *is_public: True | *disk_format: ami | *container_format: ami
< 201 | location: http://{HOST}/v1/images/#3
< (image) {"id":"#3","name":"gamma","status":"queued","size":0,"disk_format":"ami","container_format":"ami","is_public":true}

C4 an image is private unless is_public is given, and the announced size and checksum are stored
> POST /v1/images
> *id: #4 | *name: delta | *size: 5 | *checksum: 827ccb0eea8a706c4c34a16891f84e7b | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) 12345
< 201 | location: http://{HOST}/v1/images/#4 | etag: 827ccb0eea8a706c4c34a16891f84e7b
< (image) {"id":"#4","name":"delta","status":"active","size":5,"disk_format":"raw","container_format":"bare","checksum":"827ccb0eea8a706c4c34a16891f84e7b"}

C5 x-image-meta-location makes an active image whose size is that of the remote data
> POST /v1/images
> *id: #5 | *name: epsilon | *is_public: True | *protected: True | *disk_format: vhd
> *container_format: ovf | *location: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#5
< (image) {"id":"#5","name":"epsilon","status":"active","size":16,"disk_format":"vhd","container_format":"ovf","is_public":true,"protected":true}

C6 a size of 0 without a body makes the image active at once
> POST /v1/images
> *id: #6 | *name: zeta | *is_public: True | *disk_format: iso | *container_format: bare | *size: 0
< 201 | location: http://{HOST}/v1/images/#6
< (image) {"id":"#6","name":"zeta","status":"active","size":0,"disk_format":"iso","container_format":"bare","is_public":true}

C7 x-glance-api-copy-from answers at once with a queued image and copies later
> POST /v1/images
> *id: #7 | *name: eta | *is_public: True | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#7
< (image) {"id":"#7","name":"eta","status":"queued","size":16,"disk_format":"raw","container_format":"bare","is_public":true}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

C8 POST without headers or a body reserves an image with a generated id
> POST /v1/images
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","status":"queued","size":0}
`,
)
