/** Section D of the recorded exchanges: Lists: filters, paging, sorting. */
import {witness} from './witness.js'

witness(
  'D. Lists: filters, paging, sorting',
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

image 8
> POST /v1/images
> *id: #8 | *name: theta | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abcd
< 201

image 8 goes
> DELETE /v1/images/#8
< 200

image 9
> POST /v1/images
> *id: #9 | *name: iota | *is_public: True | *disk_format: raw | *container_format: bare
> *checksum: 00000000000000000000000000000000 | Content-Type: application/octet-stream
> (body) abcd
< 400

D1 index (default: only public, newest first)
> GET /v1/images
< 200
< (names) eta zeta epsilon gamma beta alpha

D2 detail
> GET /v1/images/detail
< 200
< (names) eta zeta epsilon gamma beta alpha

D3 filter name, hit
> GET /v1/images?name=alpha
< 200
< (names) alpha

D4 filter name, no hit
> GET /v1/images?name=nosuch
< 200
< (names)

D5 filter name is exact and case-sensitive
> GET /v1/images?name=ALPHA
< 200
< (names)

D6 filter name empty
> GET /v1/images?name=
< 200
< (names)

D7 filter container_format
> GET /v1/images?container_format=ovf
< 200
< (names) epsilon beta

D8 filter container_format, unknown value
> GET /v1/images?container_format=nosuch
< 200
< (names)

D9 filter disk_format
> GET /v1/images?disk_format=raw
< 200
< (names) eta alpha

D10 filter disk_format, unknown value
> GET /v1/images?disk_format=nosuch
< 200
< (names)

D11 filter status
> GET /v1/images?status=queued
< 200
< (names) gamma

D12 filter status, unknown value
> GET /v1/images?status=nosuch
< 200
< (names)

D13 filter status=deleted
> GET /v1/images?status=deleted
< 200
< (names)

D14 filter status=killed
> GET /v1/images?status=killed
< 200
< (names)

D15 filter size_min
> GET /v1/images?size_min=12
< 200
< (names) eta epsilon

D16 filter size_max
> GET /v1/images?size_max=3
< 200
< (names) zeta gamma beta

D17 filter size_min and size_max
> GET /v1/images?size_min=3&size_max=11
< 200
< (names) beta alpha

D18 size_min not a number
> GET /v1/images?size_min=abc
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got abc

D19 size_min negative
> GET /v1/images?size_min=-1
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got -1

D20 size_max not a number
> GET /v1/images?size_max=1.5
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_max got 1.5

D21 size_min empty
> GET /v1/images?size_min=
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got

D22 filter min_ram
> GET /v1/images?min_ram=512
< 200
< (names) beta

D23 min_ram not a number
> GET /v1/images?min_ram=abc
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter min_ram got abc

D24 filter min_disk
> GET /v1/images?min_disk=10
< 200
< (names) beta

D25 min_disk not a number (not validated)
> GET /v1/images?min_disk=abc
< 200
< (names)

D26 filter protected=true
> GET /v1/images?protected=true
< 200
< (names) epsilon

D27 protected not a boolean
> GET /v1/images?protected=maybe
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter protected got maybe

D28 protected=none
> GET /v1/images?protected=none
< 400
< (html) 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. protected must be True, or False <br /><br />

D29 property filter
> GET /v1/images?property-distro=debian
< 200
< (names) beta

D30 property filter, no hit
> GET /v1/images?property-distro=nosuch
< 200
< (names)

D31 property filter, property name in other case
> GET /v1/images?property-Distro=debian
< 200
< (names)

D32 two property filters
> GET /v1/images?property-distro=ubuntu&property-arch=x86_64
< 200
< (names) alpha

D33 property filter with an empty name
> GET /v1/images?property-=x
< 200
< (names)

D34 is_public=None (administrator: everything)
> GET /v1/images?is_public=None
< 200
< (names) eta zeta epsilon delta gamma beta alpha

D35 is_public=False
> GET /v1/images?is_public=False
< 200
< (names) delta

D36 is_public=True
> GET /v1/images?is_public=True
< 200
< (names) eta zeta epsilon gamma beta alpha

D37 is_public=1
> GET /v1/images?is_public=1
< 200
< (names) eta zeta epsilon gamma beta alpha

D38 is_public=yes
> GET /v1/images?is_public=yes
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter is_public got yes

D39 is_public empty
> GET /v1/images?is_public=
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter is_public got

D40 an unknown parameter is ignored
> GET /v1/images?frobnicate=1
< 200
< (names) eta zeta epsilon gamma beta alpha

D41 owner is not a v1 filter (ignored)
> GET /v1/images?owner=someone
< 200
< (names) eta zeta epsilon gamma beta alpha

D42 the same filter twice
> GET /v1/images?name=alpha&name=beta
< 200
< (names) beta

D43 limit=2
> GET /v1/images?limit=2
< 200
< (names) eta zeta

D44 limit=2 with marker
> GET /v1/images?limit=2&marker=#6
< 200
< (names) epsilon gamma

D45 limit=0
> GET /v1/images?limit=0
< 200
< (names)

D46 limit=-1
> GET /v1/images?limit=-1
< 400
< (html) 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. limit param must be positive <br /><br />

D47 limit=abc
> GET /v1/images?limit=abc
< 400
< (html) 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. limit param must be an integer <br /><br />

D48 limit empty
> GET /v1/images?limit=
< 400
< (html) 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. limit param must be an integer <br /><br />

D49 limit over the maximum (silently clamped to 1000)
> GET /v1/images?limit=100000
< 200
< (names) eta zeta epsilon gamma beta alpha

D50 marker is the last image: empty page
> GET /v1/images?limit=2&marker=#1
< 200
< (names)

D51 marker: unknown uuid
> GET /v1/images?marker=#99999999
< 400
< (html) 400 Bad Request Invalid marker. Image could not be found. <br /><br />

D52 marker: not a uuid
> GET /v1/images?marker=4
< 400
< (html) 400 Bad Request Invalid marker format <br /><br />

D53 marker empty
> GET /v1/images?marker=
< 400
< (html) 400 Bad Request Invalid marker. Image could not be found. <br /><br />

D54 marker names an image the filters exclude
> GET /v1/images?marker=#4
< 200
< (names) gamma beta alpha

D55 sort_key=name
> GET /v1/images?sort_key=name
< 200
< (names) zeta gamma eta epsilon beta alpha

D56 sort_key=name sort_dir=asc
> GET /v1/images?sort_key=name&sort_dir=asc
< 200
< (names) alpha beta epsilon eta gamma zeta

D57 sort_key=size sort_dir=asc with marker
> GET /v1/images?sort_key=size&sort_dir=asc&marker=#2
< 200
< (names) alpha epsilon eta

D58 sort_key=container_format
> GET /v1/images?sort_key=container_format
< 200
< (names) epsilon beta eta zeta alpha gamma

D59 sort_key=id
> GET /v1/images?sort_key=id
< 200
< (names) eta zeta epsilon gamma beta alpha

D60 sort_key bad
> GET /v1/images?sort_key=owner
< 400
< (html) 400 Bad Request Unsupported sort_key. Acceptable values: name, status, container_format, disk_format, size, id, created_at, updated_at <br /><br />

D61 sort_key empty
> GET /v1/images?sort_key=
< 400
< (html) 400 Bad Request Unsupported sort_key. Acceptable values: name, status, container_format, disk_format, size, id, created_at, updated_at <br /><br />

D62 sort_dir bad
> GET /v1/images?sort_dir=up
< 400
< (html) 400 Bad Request Unsupported sort_dir. Acceptable values: asc, desc <br /><br />

D63 sort_dir in capitals
> GET /v1/images?sort_dir=ASC
< 400
< (html) 400 Bad Request Unsupported sort_dir. Acceptable values: asc, desc <br /><br />

D64 sort_dir empty
> GET /v1/images?sort_dir=
< 400
< (html) 400 Bad Request Unsupported sort_dir. Acceptable values: asc, desc <br /><br />

D65 changes-since in the past (deleted and killed images are listed too)
> GET /v1/images?changes-since=2012-01-01T00:00:00
< 200
< (names) iota theta eta zeta epsilon gamma beta alpha

D66 changes-since with Z
> GET /v1/images?changes-since=2012-01-01T00:00:00Z
< 200
< (names) iota theta eta zeta epsilon gamma beta alpha

D67 changes-since with an offset (+ must be %2B)
> GET /v1/images?changes-since=2012-01-01T00:00:00%2B01:00
< 200
< (names) iota theta eta zeta epsilon gamma beta alpha

D68 changes-since in the future
> GET /v1/images?changes-since=2099-01-01T00:00:00Z
< 200
< (names)

D69 changes-since date only
> GET /v1/images?changes-since=2012-01-01
< 200
< (names) iota theta eta zeta epsilon gamma beta alpha

D70 changes-since bad
> GET /v1/images?changes-since=yesterday
< 400
< (html) 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. Unrecognized changes-since value <br /><br />

D71 changes-since empty
> GET /v1/images?changes-since=
< 400
< (html) 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. Unrecognized changes-since value <br /><br />

D72 deleted=True (index does not pass it on)
> GET /v1/images?deleted=True
< 200
< (names) eta zeta epsilon gamma beta alpha

D73 detail with is_public=None
> GET /v1/images/detail?is_public=None&sort_key=name&sort_dir=asc&limit=2
< 200
< (names) alpha beta

D74 detail with a property filter
> GET /v1/images/detail?property-arch=x86_64
< 200
< (names) alpha

D75 detail with a bad filter
> GET /v1/images/detail?size_min=abc
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got abc

D76 detail with a bad marker
> GET /v1/images/detail?marker=4
< 400
< (html) 400 Bad Request Invalid marker format <br /><br />

D77 detail with changes-since in the past
> GET /v1/images/detail?changes-since=2012-01-01T00:00:00&name=zeta
< 200
< (names) zeta

D78 marker names a deleted image
> GET /v1/images?marker=#8
< 200
< (names) eta zeta epsilon gamma beta alpha

D79 marker names a killed image
> GET /v1/images?marker=#9
< 200
< (names) eta zeta epsilon gamma beta alpha

D79a sort_key=status, ascending
> GET /v1/images?sort_key=status&sort_dir=asc
< 200
< (names) alpha beta epsilon zeta eta gamma

D79b sort_key=disk_format, ascending
> GET /v1/images?sort_key=disk_format&sort_dir=asc
< 200
< (names) gamma zeta beta alpha eta epsilon

D79c sort_key=created_at, ascending
> GET /v1/images?sort_key=created_at&sort_dir=asc
< 200
< (names) alpha beta gamma epsilon zeta eta

D79d sort_key=updated_at, ascending
> GET /v1/images?sort_key=updated_at&sort_dir=asc
< 200
< (names) alpha beta gamma epsilon zeta eta
`,
)
