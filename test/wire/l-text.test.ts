/** Section L of the recorded exchanges: Text outside ASCII, and odd header values. */
import {witness} from './witness.js'

witness(
  'L. Text outside ASCII, and odd header values',
  String.raw`
L1 name in raw UTF-8 bytes (the server runs on Python 3)
> POST /v1/images
> *id: #225 | *name: café 日本 | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#225
< (image) {"id":"#225","name":"cafÃ© æ¥æ¬","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L2 ... HEAD
> HEAD /v1/images/#225
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","name":"café 日本","container_format":"bare","size":"0","id":"#225"}
< (empty)

L3 ... list filtered by the UTF-8 name, URL-encoded
> GET /v1/images?is_public=none&name=caf%C3%A9%20%E6%97%A5%E6%9C%AC
< 200
< (names)

L4 name URL-encoded (stored as it is, not decoded)
> POST /v1/images
> *id: #226 | *name: caf%C3%A9 | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#226
< (image) {"id":"#226","name":"caf%C3%A9","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L5 ... HEAD
> HEAD /v1/images/#226
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","name":"caf%C3%A9","container_format":"bare","size":"0","id":"#226"}
< (empty)

L6 name in Latin-1 bytes
> POST /v1/images
> *id: #227 | *name: caf\xe9 | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#227
< (image) {"id":"#227","name":"café","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L7 ... HEAD
> HEAD /v1/images/#227
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","name":"caf\\xe9","container_format":"bare","size":"0","id":"#227"}
< (empty)

L8 ... list filtered by the name in UTF-8, URL-encoded
> GET /v1/images?is_public=none&name=caf%C3%A9
< 200
< (names) café

L9 property value in raw UTF-8
> POST /v1/images
> *id: #228 | *disk_format: raw | *container_format: bare | *property-ville: Orléans
< 201 | location: http://{HOST}/v1/images/#228
< (image) {"id":"#228","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"ville":"OrlÃ©ans"}}

L10 property name in raw UTF-8; the headers after it are lost too
> POST /v1/images
> *id: #229 | *disk_format: raw | *container_format: bare | *property-été: x | *name: after
< 201 | location: http://{HOST}/v1/images/#229
< (image) {"id":"#229","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}
= status=queued, size=0

an image with a name beyond Latin-1
> POST /v1/images
> *id: #230 | *name: 日本 | *disk_format: raw | *container_format: bare
< 201

L12 v1 HEAD of an image with a name beyond Latin-1
> HEAD /v1/images/#230
< 500

L13 ... v1 detail of it
> GET /v1/images/detail?is_public=none&name=%E6%97%A5%E6%9C%AC
< 200
< (names) 日本

L14 ... v1 PUT of some metadata
> PUT /v1/images/#230
> *min_disk: 1
< 200
< (image) {"id":"#230","name":"日本","status":"queued","size":0,"disk_format":"raw","container_format":"bare","min_disk":1}

L15 property name: a space
> POST /v1/images
> *id: #231 | *disk_format: raw | *container_format: bare | *property-a b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#231
< (image) {"id":"#231","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

L16 property name: a dot
> POST /v1/images
> *id: #232 | *disk_format: raw | *container_format: bare | *property-a.b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#232
< (image) {"id":"#232","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a.b":"v"}}

L17 property name: a slash
> POST /v1/images
> *id: #233 | *disk_format: raw | *container_format: bare | *property-a/b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#233
< (image) {"id":"#233","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a/b":"v"}}

L18 property name: a colon (splits at the first colon)
> POST /v1/images
> *id: #234 | *disk_format: raw | *container_format: bare | *property-a:b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#234
< (image) {"id":"#234","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a":"b: v"}}

L19 property name: an equals sign
> POST /v1/images
> *id: #235 | *disk_format: raw | *container_format: bare | *property-a=b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#235
< (image) {"id":"#235","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a=b":"v"}}

L20 property name: an at sign
> POST /v1/images
> *id: #236 | *disk_format: raw | *container_format: bare | *property-a@b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#236
< (image) {"id":"#236","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a@b":"v"}}

L21 property name: parentheses
> POST /v1/images
> *id: #237 | *disk_format: raw | *container_format: bare | *property-a(b): v | *name: after
< 201 | location: http://{HOST}/v1/images/#237
< (image) {"id":"#237","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a(b)":"v"}}

L22 property name: a dash (becomes an underscore)
> POST /v1/images
> *id: #238 | *disk_format: raw | *container_format: bare | *property-a-b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#238
< (image) {"id":"#238","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a_b":"v"}}

L23 property name: an underscore
> POST /v1/images
> *id: #239 | *disk_format: raw | *container_format: bare | *property-a_b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#239
< (image) {"id":"#239","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a_b":"v"}}

L24 property name: both a-b and a_b
> POST /v1/images
> *id: #240 | *disk_format: raw | *container_format: bare | *property-a-b: one | *property-a_b: two
> *name: after
< 201 | location: http://{HOST}/v1/images/#240
< (image) {"id":"#240","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a_b":"one,two"}}

L25 property name: capitals (folded)
> POST /v1/images
> *id: #241 | *disk_format: raw | *container_format: bare | *property-CamelCase: v | *name: after
< 201 | location: http://{HOST}/v1/images/#241
< (image) {"id":"#241","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"camelcase":"v"}}

L26 property name: a percent escape
> POST /v1/images
> *id: #242 | *disk_format: raw | *container_format: bare | *property-a%20b: v | *name: after
< 201 | location: http://{HOST}/v1/images/#242
< (image) {"id":"#242","name":"after","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"a%20b":"v"}}

L27 property names that are also core fields
> POST /v1/images
> *id: #243 | *disk_format: raw | *container_format: bare | *property-name: inner | *property-id: 7
> *property-status: frozen
< 201 | location: http://{HOST}/v1/images/#243
< (image) {"id":"#243","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"name":"inner","id":"7","status":"frozen"}}

L28 ... HEAD
> HEAD /v1/images/#243
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"raw","container_format":"bare","size":"0","id":"#243","property-name":"inner","property-id":"7","property-status":"frozen"}
< (empty)

L29 property name of 255 characters
> POST /v1/images
> *id: #244 | *disk_format: raw | *container_format: bare
> *property-kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: v
< 201 | location: http://{HOST}/v1/images/#244
= status=queued, size=0

L30 property name of 256 characters
> POST /v1/images
> *id: #245 | *disk_format: raw | *container_format: bare
> *property-kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk: v
< 201 | location: http://{HOST}/v1/images/#245
= status=queued, size=0

L30a property value: blanks around
> POST /v1/images
> *id: #246 | *property-p:    v w   
< 201
< (image) {"id": "#246", "status": "queued", "size": 0, "properties": {"p": "v w"}}

L30n ... HEAD
> HEAD /v1/images/#246
< 200
< (meta) {"id": "#246", "status": "queued", "size": "0", "property-p": "v w"}

L30b property value: quotes and backslash
> POST /v1/images
> *id: #247 | *property-p: "a\b"
< 201
< (image) {"id": "#247", "status": "queued", "size": 0, "properties": {"p": "\"a\\b\""}}

L30o ... HEAD
> HEAD /v1/images/#247
< 200
< (meta) {"id": "#247", "status": "queued", "size": "0", "property-p": "\"a\\b\""}

L30c property value: comma, semicolon, equals
> POST /v1/images
> *id: #248 | *property-p: a,b;c=d
< 201
< (image) {"id": "#248", "status": "queued", "size": 0, "properties": {"p": "a,b;c=d"}}

L30p ... HEAD
> HEAD /v1/images/#248
< 200
< (meta) {"id": "#248", "status": "queued", "size": "0", "property-p": "a,b;c=d"}

L30d property value: tab inside
> POST /v1/images
> *id: #249 | *property-p: a\tb
< 201
< (image) {"id": "#249", "status": "queued", "size": 0, "properties": {"p": "a\tb"}}

L30q ... HEAD
> HEAD /v1/images/#249
< 200
< (meta) {"id": "#249", "status": "queued", "size": "0", "property-p": "a\tb"}

L30e property value: html
> POST /v1/images
> *id: #250 | *property-p: <b>&
< 201
< (image) {"id": "#250", "status": "queued", "size": 0, "properties": {"p": "<b>&"}}

L30r ... HEAD
> HEAD /v1/images/#250
< 200
< (meta) {"id": "#250", "status": "queued", "size": "0", "property-p": "<b>&"}

L30f property value: True
> POST /v1/images
> *id: #251 | *property-p: True
< 201
< (image) {"id": "#251", "status": "queued", "size": 0, "properties": {"p": "True"}}

L30s ... HEAD
> HEAD /v1/images/#251
< 200
< (meta) {"id": "#251", "status": "queued", "size": "0", "property-p": "True"}

L30g property value: None
> POST /v1/images
> *id: #252 | *property-p: None
< 201
< (image) {"id": "#252", "status": "queued", "size": 0, "properties": {"p": "None"}}

L30t ... HEAD
> HEAD /v1/images/#252
< 200
< (meta) {"id": "#252", "status": "queued", "size": "0", "property-p": "None"}

L31 the same header twice
> POST /v1/images
> (no accept) | *id: #253 | *name: one | *name: two | *property-p: 1 | *property-p: 2 | Content-Length: 0
< 201 | location: http://{HOST}/v1/images/#253
< (image) {"id":"#253","name":"one,two","status":"queued","size":0,"properties":{"p":"1,2"}}

L33 a property value of 10000 bytes
> POST /v1/images
> *id: #255 | *disk_format: raw | *container_format: bare | *property-p: (10000 times v)
< 201 | location: http://{HOST}/v1/images/#255
< (image) {"id":"#255","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"p":"(10000 times v)"}}
= status=queued, size=0

L34 129 properties (the quota is 128)
> POST /v1/images
> *id: #256 | *disk_format: raw | *container_format: bare
> *property-p0: v | *property-p1: v | *property-p2: v | *property-p3: v | *property-p4: v | *property-p5: v
> *property-p6: v | *property-p7: v | *property-p8: v | *property-p9: v | *property-p10: v | *property-p11: v
> *property-p12: v | *property-p13: v | *property-p14: v | *property-p15: v | *property-p16: v | *property-p17: v
> *property-p18: v | *property-p19: v | *property-p20: v | *property-p21: v | *property-p22: v | *property-p23: v
> *property-p24: v | *property-p25: v | *property-p26: v | *property-p27: v | *property-p28: v | *property-p29: v
> *property-p30: v | *property-p31: v | *property-p32: v | *property-p33: v | *property-p34: v | *property-p35: v
> *property-p36: v | *property-p37: v | *property-p38: v | *property-p39: v | *property-p40: v | *property-p41: v
> *property-p42: v | *property-p43: v | *property-p44: v | *property-p45: v | *property-p46: v | *property-p47: v
> *property-p48: v | *property-p49: v | *property-p50: v | *property-p51: v | *property-p52: v | *property-p53: v
> *property-p54: v | *property-p55: v | *property-p56: v | *property-p57: v | *property-p58: v | *property-p59: v
> *property-p60: v | *property-p61: v | *property-p62: v | *property-p63: v | *property-p64: v | *property-p65: v
> *property-p66: v | *property-p67: v | *property-p68: v | *property-p69: v | *property-p70: v | *property-p71: v
> *property-p72: v | *property-p73: v | *property-p74: v | *property-p75: v | *property-p76: v | *property-p77: v
> *property-p78: v | *property-p79: v | *property-p80: v | *property-p81: v | *property-p82: v | *property-p83: v
> *property-p84: v | *property-p85: v | *property-p86: v | *property-p87: v | *property-p88: v | *property-p89: v
> *property-p90: v | *property-p91: v | *property-p92: v | *property-p93: v | *property-p94: v | *property-p95: v
> *property-p96: v | *property-p97: v | *property-p98: v | *property-p99: v | *property-p100: v | *property-p101: v
> *property-p102: v | *property-p103: v | *property-p104: v | *property-p105: v | *property-p106: v | *property-p107: v
> *property-p108: v | *property-p109: v | *property-p110: v | *property-p111: v | *property-p112: v | *property-p113: v
> *property-p114: v | *property-p115: v | *property-p116: v | *property-p117: v | *property-p118: v | *property-p119: v
> *property-p120: v | *property-p121: v | *property-p122: v | *property-p123: v | *property-p124: v | *property-p125: v
> *property-p126: v | *property-p127: v | *property-p128: v
< 413
< (html) The limit has been exceeded on the number of allowed image properties. Attempted: 129, Maximum: 128<br /><br />
`,
)
