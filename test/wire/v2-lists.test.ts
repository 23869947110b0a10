/** Lists of API v2 as recorded: seven images, what each query gives in which order, and what it refuses. */
import {witnessOfVersion2} from './v2-witness.js'

witnessOfVersion2(
  'List',
  `
w, the oldest
> POST /v2/images
> (body) {"name": "w", "disk_format": "raw", "container_format": "bare"}
< 201

I0
> POST /v2/images
> (body) {"id": "#1", "name": "img-a", "disk_format": "raw", "container_format": "bare", "os_distro": "debian", "tags": ["t1", "t2"]}
< 201

its data
> PUT /v2/images/#1/file
> content-type: application/octet-stream
> (body) (10 times v)
< 204

I1
> POST /v2/images
> (body) {"id": "#2", "name": "img-b", "disk_format": "raw", "container_format": "bare", "os_distro": "fedora", "tags": ["t1"]}
< 201

its data
> PUT /v2/images/#2/file
> content-type: application/octet-stream
> (body) (200 times v)
< 204

I2
> POST /v2/images
> (body) {"id": "#3", "name": "img,c", "disk_format": "raw", "container_format": "bare", "visibility": "private"}
< 201

its data
> PUT /v2/images/#3/file
> content-type: application/octet-stream
> (body) (3000 times v)
< 204

I3
> POST /v2/images
> (body) {"id": "#4", "name": "img-d", "disk_format": "raw", "container_format": "bare", "visibility": "community"}
< 201

I4
> POST /v2/images
> (body) {"id": "#5", "name": "Großbild", "disk_format": "raw", "container_format": "bare", "os_hidden": true}
< 201

its data
> PUT /v2/images/#5/file
> content-type: application/octet-stream
> (body) (5 times v)
< 204

I5
> POST /v2/images
> (body) {"id": "#6", "name": "img-a", "disk_format": "qcow2", "container_format": "bare"}
< 201

its data
> PUT /v2/images/#6/file
> content-type: application/octet-stream
> (body) (7 times v)
< 204

all
> GET /v2/images
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?limit=2
> GET /v2/images?limit=2
< 200
< (names) img-a(7) img-d(-)
< (next) /v2/images?limit=2&marker=#4

?limit=0
> GET /v2/images?limit=0
< 200
< (names) none
< (next) none

?limit=2&marker=#3
> GET /v2/images?limit=2&marker=#3
< 200
< (names) img-b(200) img-a(10)
< (next) /v2/images?limit=2&marker=#1

?limit=2&sort=name:asc
> GET /v2/images?limit=2&sort=name:asc
< 200
< (names) img,c(3000) img-a(10)
< (next) /v2/images?limit=2&sort=name%3Aasc&marker=#1

?sort=size:desc
> GET /v2/images?sort=size:desc
< 200
< (names) img,c(3000) img-b(200) img-a(10) img-a(7) img-d(-) w(-)
< (next) none

?sort_key=name&sort_dir=asc
> GET /v2/images?sort_key=name&sort_dir=asc
< 200
< (names) img,c(3000) img-a(10) img-a(7) img-b(200) img-d(-) w(-)
< (next) none

?sort_key=name&sort_dir=asc&sort_key=size&sort_dir=desc
> GET /v2/images?sort_key=name&sort_dir=asc&sort_key=size&sort_dir=desc
< 200
< (names) img,c(3000) img-a(10) img-a(7) img-b(200) img-d(-) w(-)
< (next) none

?sort=name
> GET /v2/images?sort=name
< 200
< (names) w(-) img-d(-) img-b(200) img-a(7) img-a(10) img,c(3000)
< (next) none

?sort=name:asc,size:desc
> GET /v2/images?sort=name:asc,size:desc
< 200
< (names) img,c(3000) img-a(10) img-a(7) img-b(200) img-d(-) w(-)
< (next) none

?size_min=10
> GET /v2/images?size_min=10
< 200
< (names) img,c(3000) img-b(200) img-a(10)
< (next) none

?size_max=200
> GET /v2/images?size_max=200
< 200
< (names) img-a(7) img-b(200) img-a(10)
< (next) none

?size_min=10&size_max=200
> GET /v2/images?size_min=10&size_max=200
< 200
< (names) img-b(200) img-a(10)
< (next) none

?visibility=private
> GET /v2/images?visibility=private
< 200
< (names) img,c(3000)
< (next) none

?visibility=shared
> GET /v2/images?visibility=shared
< 200
< (names) img-a(7) img-b(200) img-a(10) w(-)
< (next) none

?visibility=community
> GET /v2/images?visibility=community
< 200
< (names) img-d(-)
< (next) none

?visibility=public
> GET /v2/images?visibility=public
< 200
< (names) none
< (next) none

?visibility=all
> GET /v2/images?visibility=all
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?owner=alpha
> GET /v2/images?owner=alpha
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?owner=beta
> GET /v2/images?owner=beta
< 200
< (names) none
< (next) none

?name=img-a
> GET /v2/images?name=img-a
< 200
< (names) img-a(7) img-a(10)
< (next) none

?name=IMG-A
> GET /v2/images?name=IMG-A
< 200
< (names) none
< (next) none

?name=img
> GET /v2/images?name=img
< 200
< (names) none
< (next) none

?name=in:img-a,img-b
> GET /v2/images?name=in:img-a,img-b
< 200
< (names) img-a(7) img-b(200) img-a(10)
< (next) none

?name=in:%22img,c%22,img-a
> GET /v2/images?name=in:%22img,c%22,img-a
< 200
< (names) img-a(7) img,c(3000) img-a(10)
< (next) none

?name=img,c
> GET /v2/images?name=img,c
< 200
< (names) img,c(3000)
< (next) none

?status=active
> GET /v2/images?status=active
< 200
< (names) img-a(7) img,c(3000) img-b(200) img-a(10)
< (next) none

?status=in:active,queued
> GET /v2/images?status=in:active,queued
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?status=in:queued,saving
> GET /v2/images?status=in:queued,saving
< 200
< (names) img-d(-) w(-)
< (next) none

?id=in:#1,#2
> GET /v2/images?id=in:#1,#2
< 200
< (names) img-b(200) img-a(10)
< (next) none

?id=#1
> GET /v2/images?id=#1
< 200
< (names) img-a(10)
< (next) none

?disk_format=in:qcow2,raw
> GET /v2/images?disk_format=in:qcow2,raw
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?disk_format=qcow2
> GET /v2/images?disk_format=qcow2
< 200
< (names) img-a(7)
< (next) none

?container_format=bare
> GET /v2/images?container_format=bare
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?tag=t1
> GET /v2/images?tag=t1
< 200
< (names) img-b(200) img-a(10)
< (next) none

?tag=t1&tag=t2
> GET /v2/images?tag=t1&tag=t2
< 200
< (names) img-a(10)
< (next) none

?os_distro=debian
> GET /v2/images?os_distro=debian
< 200
< (names) img-a(10)
< (next) none

?os_distro=in:debian,fedora
> GET /v2/images?os_distro=in:debian,fedora
< 200
< (names) none
< (next) none

?os_hidden=true
> GET /v2/images?os_hidden=true
< 200
< (names) Großbild(5)
< (next) none

?os_hidden=false
> GET /v2/images?os_hidden=false
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?protected=true
> GET /v2/images?protected=true
< 200
< (names) none
< (next) none

?protected=false
> GET /v2/images?protected=false
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?checksum=nix
> GET /v2/images?checksum=nix
< 200
< (names) none
< (next) none

?os_hash_value=nix
> GET /v2/images?os_hash_value=nix
< 200
< (names) none
< (next) none

?created_at=gt:2020-01-01T00:00:00Z
> GET /v2/images?created_at=gt:2020-01-01T00:00:00Z
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?created_at=lt:2020-01-01T00:00:00Z
> GET /v2/images?created_at=lt:2020-01-01T00:00:00Z
< 200
< (names) none
< (next) none

?updated_at=gte:2020-01-01T00:00:00Z
> GET /v2/images?updated_at=gte:2020-01-01T00:00:00Z
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?min_ram=0
> GET /v2/images?min_ram=0
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?nonsense=x
> GET /v2/images?nonsense=x
< 200
< (names) none
< (next) none

?name=Gro%C3%9Fbild&os_hidden=true
> GET /v2/images?name=Gro%C3%9Fbild&os_hidden=true
< 200
< (names) Großbild(5)
< (next) none

?member_status=all
> GET /v2/images?member_status=all
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?member_status=accepted
> GET /v2/images?member_status=accepted
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

?visibility=shared&member_status=all
> GET /v2/images?visibility=shared&member_status=all
< 200
< (names) img-a(7) img-b(200) img-a(10) w(-)
< (next) none

?changes-since=2020-01-01T00:00:00Z
> GET /v2/images?changes-since=2020-01-01T00:00:00Z
< 400
< (html) The &quot;changes-since&quot; filter is no longer available on v2.

?limit=-1
> GET /v2/images?limit=-1
< 400
< (html) limit param must be positive

?limit=x
> GET /v2/images?limit=x
< 400
< (html) limit param must be an integer

?marker=nonsense
> GET /v2/images?marker=nonsense
< 400
< (html) No image found with ID nonsense

?marker=8705948e-2f69-447e-be71-8c31ea26a8da
> GET /v2/images?marker=8705948e-2f69-447e-be71-8c31ea26a8da
< 400
< (html) No image found with ID 8705948e-2f69-447e-be71-8c31ea26a8da

?sort=nonsense
> GET /v2/images?sort=nonsense
< 400
< (html) Invalid sort key: nonsense. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.

?sort=name:up
> GET /v2/images?sort=name:up
< 400
< (html) Invalid sort direction: up

?sort_key=nonsense
> GET /v2/images?sort_key=nonsense
< 400
< (html) Invalid sort key: nonsense. It must be one of the following: name, status, container_format, disk_format, size, id, created_at, updated_at.

?sort_dir=up
> GET /v2/images?sort_dir=up
< 400
< (html) Invalid sort direction: up

?sort=name&sort_key=name
> GET /v2/images?sort=name&sort_key=name
< 400
< (html) Old and new sorting syntax cannot be combined

?size_min=x
> GET /v2/images?size_min=x
< 400
< (html) Unable to filter on a range with a non-numeric value.

?size_min=-1
> GET /v2/images?size_min=-1
< 200
< (names) img-a(7) img,c(3000) img-b(200) img-a(10)
< (next) none

?visibility=nonsense
> GET /v2/images?visibility=nonsense
< 400
< (html) Invalid visibility value: nonsense

?member_status=nonsense
> GET /v2/images?member_status=nonsense
< 400
< (html) Invalid status: nonsense

?status=nonsense
> GET /v2/images?status=nonsense
< 200
< (names) none
< (next) none

?created_at=yesterday
> GET /v2/images?created_at=yesterday
< 400
< (html) Bad &quot;created_at&quot; query filter format. Use ISO 8601 DateTime notation.

?name=in:
> GET /v2/images?name=in:
< 200
< (names) none
< (next) none

?name=in:%22a
> GET /v2/images?name=in:%22a
< 400
< (html) Invalid filter value &quot;a. The quote is not closed.

?os_hidden=maybe
> GET /v2/images?os_hidden=maybe
< 400
< (html) Invalid value &#x27;maybe&#x27; for &#x27;os_hidden&#x27; filter. Valid values are &#x27;true&#x27; or &#x27;false&#x27;.

?protected=maybe
> GET /v2/images?protected=maybe
< 400
< (html) Invalid value &#x27;maybe&#x27; for &#x27;protected&#x27; filter. Valid values are &#x27;true&#x27; or &#x27;false&#x27;.

?is_public=true
> GET /v2/images?is_public=true
< 200
< (names) none
< (next) none

?property-os_distro=debian
> GET /v2/images?property-os_distro=debian
< 200
< (names) none
< (next) none

?deleted=true
> GET /v2/images?deleted=true
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

beta: all
> GET /v2/images
> as: beta
< 200
< (names) none
< (next) none

beta: ?visibility=community
> GET /v2/images?visibility=community
> as: beta
< 200
< (names) img-d(-)
< (next) none

beta: ?visibility=all
> GET /v2/images?visibility=all
> as: beta
< 200
< (names) img-d(-)
< (next) none

beta: ?owner=alpha
> GET /v2/images?owner=alpha
> as: beta
< 200
< (names) none
< (next) none

beta: ?visibility=private
> GET /v2/images?visibility=private
> as: beta
< 200
< (names) none
< (next) none

admin: all
> GET /v2/images
> as: admin
< 200
< (names) img-a(7) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

admin: ?visibility=all
> GET /v2/images?visibility=all
> as: admin
< 200
< (names) img-a(7) img-d(-) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

admin: ?visibility=private
> GET /v2/images?visibility=private
> as: admin
< 200
< (names) img,c(3000)
< (next) none

admin: ?visibility=shared
> GET /v2/images?visibility=shared
> as: admin
< 200
< (names) img-a(7) img-b(200) img-a(10) w(-)
< (next) none

admin: ?owner=alpha
> GET /v2/images?owner=alpha
> as: admin
< 200
< (names) img-a(7) img,c(3000) img-b(200) img-a(10) w(-)
< (next) none

admin: ?os_hidden=true
> GET /v2/images?os_hidden=true
> as: admin
< 200
< (names) Großbild(5)
< (next) none
`,
)
