/** Section E of the recorded exchanges: HEAD and GET of an image. */
import {witness} from './witness.js'

witness(
  'E. HEAD and GET of an image',
  `
image 1
> POST /v1/images
> *id: #1 | *name: alpha | *is_public: True | *disk_format: raw | *container_format: bare | *min_disk: 0
> *min_ram: 0 | *protected: False | *owner: someone | *property-distro: ubuntu | *property-arch: x86_64
> Content-Type: application/octet-stream
> (body) hello world
< 201

image 2
> POST /v1/images
> *id: #2 | *name: beta | *is_public: True | *disk_format: qcow2 | *container_format: ovf | *min_disk: 10
> *min_ram: 512 | *property-distro: debian | Content-Type: application/octet-stream
> (chunked) abc
< 201

image 3
> POST /v1/images
> *id: #3 | *name: gamma | *is_public: True | *disk_format: ami | *container_format: ami
< 201

image 4
> POST /v1/images
> *id: #4 | *name: delta | *size: 5 | *checksum: 827ccb0eea8a706c4c34a16891f84e7b | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) 12345
< 201

image 5
> POST /v1/images
> *id: #5 | *name: epsilon | *is_public: True | *protected: True | *disk_format: vhd
> *container_format: ovf | *location: http://{SOURCE}/src.img
< 201

image 6
> POST /v1/images
> *id: #6 | *name: zeta | *is_public: True | *disk_format: iso | *container_format: bare | *size: 0
< 201

image 7
> POST /v1/images
> *id: #7 | *name: eta | *is_public: True | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 201
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

E1 HEAD
> HEAD /v1/images/#1
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: text/html; charset=UTF-8
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (empty)

E2 GET
> GET /v1/images/#1
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E3 HEAD of a queued image
> HEAD /v1/images/#3
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"ami","name":"gamma","container_format":"ami","size":"0","is_public":"True","id":"#3"}
< (empty)

E4 GET of a queued image
> GET /v1/images/#3
< 404
< (html) The resource could not be found.<br /><br /> Image #3 is not active

E5 GET of an active image of size 0
> GET /v1/images/#6
< 200 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"iso","name":"zeta","container_format":"bare","size":"0","is_public":"True","id":"#6"}
< (empty)

E6 HEAD of a location image (the location is never shown)
> HEAD /v1/images/#5
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"active","protected":"True","disk_format":"vhd","name":"epsilon","container_format":"ovf","size":"16","is_public":"True","id":"#5"}
< (empty)

E7 GET of a location image: the server fetches and forwards
> GET /v1/images/#5
< 200 | content-type: application/octet-stream
< (meta) {"status":"active","protected":"True","disk_format":"vhd","name":"epsilon","container_format":"ovf","size":"16","is_public":"True","id":"#5"}
< (data) 0123456789abcdef

E8 HEAD of an unknown uuid
> HEAD /v1/images/#99999999
< 404 | content-type: text/plain; charset=UTF-8
< (empty)

E9 GET of an unknown uuid
> GET /v1/images/#99999999
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

E10 GET of an id which is no uuid
> GET /v1/images/12345
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier 12345 not found

E11 GET of an id with escaped characters
> GET /v1/images/a%20b%2Fc
< 404
< (html) The resource could not be found.<br /><br />

E12 GET with Range (v1 ignores it)
> GET /v1/images/#1
> Range: bytes=0-3
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E13 GET with If-None-Match
> GET /v1/images/#1
> If-None-Match: 5eb63bbbe01eeed093cb22bb8f5acdc3
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E14 GET over HTTP/1.0
> GET /v1/images/#1
> (http/1.0)
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E15 HEAD, id in capitals
> HEAD /v1/images/ABCDEF00-0000-4000-8000-000000000000
< 404 | content-type: text/plain; charset=UTF-8
< (empty)

E16 GET of a location image whose source answers 404
! vanish
> GET /v1/images/#5
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
`,
)
