/** Text outside ASCII and unusual headers, as recorded (section L). */
import {replay} from './replay.js'

/** A property of image `number` and a name after it. @param stored the properties in the answer */
const nameProperty = (title: string, number: number, header: string, stored: string) => `${title}
> POST /v1/images
> *id: #${number} | *disk_format: raw | *container_format: bare | ${header} | *name: after
< 201 | location: http://{HOST}/v1/images/#${number}
< (image) {"id":"#${number}","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":${stored}}`

/** A value of the property p, and HEAD. @param stored JSON of the value */
const storeValue = (
  titles: readonly [string, string],
  number: number,
  value: string,
  stored: string,
) => `${titles[0]}
> POST /v1/images
> *id: #${number} | *property-p: ${value}
< 201
< (image) {"id": "#${number}", "status": "queued", "size": 0, "properties": {"p": ${stored}}}

${titles[1]}
> HEAD /v1/images/#${number}
< 200
< (meta) {"id": "#${number}", "status": "queued", "size": "0", "property-p": ${stored}}`

const PROPERTIES = Array.from({length: 129}, (_, n) => `*property-p${n}: v`).join(' | ')

replay(
  'text outside ASCII',
  String.raw`
L1 a name in UTF-8 bytes is read as Latin-1
> POST /v1/images
> *id: #225 | *name: café 日本 | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#225
< (image) {"id":"#225","name":"cafÃ© æ¥æ¬","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L2 HEAD gives the same bytes back
> HEAD /v1/images/#225
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","name":"café 日本","container_format":"bare","size":"0","id":"#225"}
< (empty)

L3 a filter in UTF-8 does not find that name
> GET /v1/images?is_public=none&name=caf%C3%A9%20%E6%97%A5%E6%9C%AC
< 200
< (names)

L4 a name with percent escapes is stored as it is
> POST /v1/images
> *id: #226 | *name: caf%C3%A9 | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#226
< (image) {"id":"#226","name":"caf%C3%A9","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L5 HEAD gives the percent escapes back
> HEAD /v1/images/#226
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","name":"caf%C3%A9","container_format":"bare","size":"0","id":"#226"}
< (empty)

L6 a name in Latin-1 bytes is read as Latin-1
> POST /v1/images
> *id: #227 | *name: caf\xe9 | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#227
< (image) {"id":"#227","name":"café","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L7 HEAD gives the Latin-1 bytes back
> HEAD /v1/images/#227
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","name":"caf\\xe9","container_format":"bare","size":"0","id":"#227"}
< (empty)

L8 a filter in UTF-8 finds the name that was sent in Latin-1
> GET /v1/images?is_public=none&name=caf%C3%A9
< 200
< (names) café

L9 the value of a property in UTF-8 bytes is read as Latin-1
> POST /v1/images
> *id: #228 | *disk_format: raw | *container_format: bare | *property-ville: Orléans
< 201 | location: http://{HOST}/v1/images/#228
< (image) {"id":"#228","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"ville":"OrlÃ©ans"}}

L10 the name of a property in UTF-8 bytes and all later headers are lost
> POST /v1/images
> *id: #229 | *disk_format: raw | *container_format: bare | *property-été: x | *name: after
< 201 | location: http://{HOST}/v1/images/#229
< (image) {"id":"#229","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}
= status=queued, size=0

an image with a name beyond Latin-1
> POST /v1/images
> *id: #230 | *name: 日本 | *disk_format: raw | *container_format: bare
< 201

L12 HEAD of an image with a name beyond Latin-1 fails
> HEAD /v1/images/#230
< 500

L13 the detailed list shows a name beyond Latin-1
> GET /v1/images/detail?is_public=none&name=%E6%97%A5%E6%9C%AC
< 200
< (names) 日本

L14 PUT works for an image with a name beyond Latin-1
> PUT /v1/images/#230
> *min_disk: 1
< 200
< (image) {"id":"#230","name":"日本","status":"queued","size":0,"disk_format":"raw","container_format":"bare","min_disk":1}

L15 a space in the name of a property loses it and all later headers
> POST /v1/images
> *id: #231 | *disk_format: raw | *container_format: bare | *property-a b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#231
< (image) {"id":"#231","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

${nameProperty('L16 the name of a property may have a dot', 232, '*property-a.b: v', '{"a.b":"v"}')}

${nameProperty('L17 the name of a property may have a slash', 233, '*property-a/b: v', '{"a/b":"v"}')}

${nameProperty('L18 the name of a property ends at the first colon', 234, '*property-a:b: v', '{"a":"b: v"}')}

${nameProperty('L19 the name of a property may have an equals sign', 235, '*property-a=b: v', '{"a=b":"v"}')}

${nameProperty('L20 the name of a property may have an at sign', 236, '*property-a@b: v', '{"a@b":"v"}')}

${nameProperty('L21 the name of a property may have parentheses', 237, '*property-a(b): v', '{"a(b)":"v"}')}

${nameProperty('L22 a dash in the name of a property becomes an underscore', 238, '*property-a-b: v', '{"a_b":"v"}')}

${nameProperty('L23 an underscore in the name of a property stays', 239, '*property-a_b: v', '{"a_b":"v"}')}

${nameProperty('L24 properties whose names differ in dash and underscore are one', 240, '*property-a-b: one | *property-a_b: two', '{"a_b":"one,two"}')}

${nameProperty('L25 the name of a property becomes lower case', 241, '*property-CamelCase: v', '{"camelcase":"v"}')}

${nameProperty('L26 a percent escape in the name of a property is stored as it is', 242, '*property-a%20b: v', '{"a%20b":"v"}')}

L27 properties may be named like fields of the image
> POST /v1/images
> *id: #243 | *disk_format: raw | *container_format: bare | *property-name: inner | *property-id: 7
> *property-status: frozen
< 201 | location: http://{HOST}/v1/images/#243
< (image) {"id":"#243","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"name":"inner","id":"7","status":"frozen"}}

L28 HEAD gives properties that are named like fields
> HEAD /v1/images/#243
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","container_format":"bare","size":"0","id":"#243","property-name":"inner","property-id":"7","property-status":"frozen"}
< (empty)

L29 the name of a property may have 255 characters
> POST /v1/images
> *id: #244 | *disk_format: raw | *container_format: bare
> *property-(255 times k): v
< 201 | location: http://{HOST}/v1/images/#244
= status=queued, size=0

L30 the name of a property may have 256 characters
> POST /v1/images
> *id: #245 | *disk_format: raw | *container_format: bare
> *property-(256 times k): v
< 201 | location: http://{HOST}/v1/images/#245
= status=queued, size=0

${storeValue(['L30a blanks around a value are dropped', 'L30n HEAD gives the value without the blanks'], 246, '   v w   ', '"v w"')}

${storeValue(['L30b quotes and a backslash in a value are kept', 'L30o HEAD gives the quotes and the backslash'], 247, String.raw`"a\b"`, String.raw`"\"a\\b\""`)}

${storeValue(['L30c a comma, a semicolon and an equals sign in a value are kept', 'L30p HEAD gives the comma, the semicolon and the equals sign'], 248, 'a,b;c=d', '"a,b;c=d"')}

${storeValue(['L30d a tab in a value is kept', 'L30q HEAD gives the tab'], 249, String.raw`a\tb`, String.raw`"a\tb"`)}

${storeValue(['L30e markup in a value is kept', 'L30r HEAD gives the markup'], 250, '<b>&', '"<b>&"')}

${storeValue(['L30f the value True stays text', 'L30s HEAD gives the text True'], 251, 'True', '"True"')}

${storeValue(['L30g the value None stays text', 'L30t HEAD gives the text None'], 252, 'None', '"None"')}

L31 a header that is sent twice is joined with a comma
> POST /v1/images
> (no accept) | *id: #253 | *name: one | *name: two | *property-p: 1 | *property-p: 2 | Content-Length: 0
< 201 | location: http://{HOST}/v1/images/#253
< (image) {"id":"#253","name":"one,two","status":"queued","size":0,"properties":{"p":"1,2"}}

L33 the value of a property may have 10000 bytes
> POST /v1/images
> *id: #255 | *disk_format: raw | *container_format: bare | *property-p: (10000 times v)
< 201 | location: http://{HOST}/v1/images/#255
< (image) {"id":"#255","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"p":"(10000 times v)"}}
= status=queued, size=0

L34 more than 128 properties are refused with 413
> POST /v1/images
> *id: #256 | *disk_format: raw | *container_format: bare
> ${PROPERTIES}
< 413
< (html) The limit has been exceeded on the number of allowed image properties. Attempted: 129, Maximum: 128<br /><br />
`,
)
