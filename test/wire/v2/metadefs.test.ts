/** Metadata definitions in API v2, as recorded with a service of 2022; and where that one fails. */
import {replayV2} from './replay.js'

replayV2(
  'metadata definitions',
  `
POST creates a namespace, private unless stated
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::A", "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::A
< (json) {"namespace": "Lab::A", "visibility": "private", "protected": false, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::A", "schema": "/v2/schemas/metadefs/namespace"}

a namespace has all its parts in one request
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "properties": {"p1": {"title": "P", "type": "integer", "minimum": 1, "maximum": 5, "default": "1"}, "p2": {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true}}, "objects": [{"name": "o1", "description": "od", "required": ["x"], "properties": {"x": {"title": "X", "type": "string", "enum": ["1", "2"]}}}], "tags": [{"name": "t1"}, {"name": "t2"}]}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::B
< (json) {"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "objects": [{"name": "o1", "description": "od", "required": ["x"], "properties": {"x": {"title": "X", "type": "string", "enum": ["1", "2"]}}}], "properties": {"p1": {"title": "P", "type": "integer", "minimum": 1, "maximum": 5, "default": "1"}, "p2": {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true}}, "tags": [{"name": "t1"}, {"name": "t2"}], "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

a second namespace of that name is 409
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::A", "owner": "o"}
< 409
< (html) The metadata definition namespace=Lab::A already exists.

a duplicate object in one request is 409
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::C", "objects": [{"name": "o"}, {"name": "o"}], "owner": "o"}
< 409
< (html) A metadata definition object with name=o already exists in namespace=Lab::C.

and leaves nothing
> GET /v2/metadefs/namespaces/Lab::C
> as: admin
< 404
< (html) Metadata definition namespace=Lab::C was not found.

a namespace without a name is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"display_name": "x"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;namespace&#x27; is a required property

a name of 81 characters is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "(81 times a)", "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;(81 times a)&#x27; is too long

an unknown attribute is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "color": "x", "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: Additional properties are not allowed (&#x27;color&#x27; was unexpected)

the time of a change is read-only
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "created_at": "x", "owner": "o"}
< 403
< (html) Attribute &#x27;created_at&#x27; is read-only.

the path of a namespace is read-only
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "self": "x", "owner": "o"}
< 403
< (html) Attribute &#x27;self&#x27; is read-only.

an unknown visibility is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "visibility": "shared", "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;shared&#x27; is not one of [&#x27;public&#x27;, &#x27;private&#x27;]

null in place of a text is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "display_name": null, "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: None is not of type &#x27;string&#x27;

a request without a body is 400
> POST /v2/metadefs/namespaces
> as: admin
< 400
< (html) Body expected in request.

a property without a title is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "properties": {"p": {"type": "string"}}, "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;title&#x27; is a required property

a property of an unknown type is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D", "properties": {"p": {"type": "text", "title": "x"}}, "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;text&#x27; is not one of [&#x27;array&#x27;, &#x27;boolean&#x27;, &#x27;integer&#x27;, &#x27;number&#x27;, &#x27;object&#x27;, &#x27;string&#x27;, None]

a number as default becomes a text
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D2", "properties": {"p": {"type": "integer", "title": "x", "default": 5}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D2
< (json) {"namespace": "Lab::D2", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "integer", "title": "x", "default": "5"}}, "self": "/v2/metadefs/namespaces/Lab::D2", "schema": "/v2/schemas/metadefs/namespace"}

a boolean as default becomes a text, as Python writes it
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D2b", "properties": {"p": {"type": "boolean", "title": "x", "default": true}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D2b
< (json) {"namespace": "Lab::D2b", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "boolean", "title": "x", "default": "True"}}, "self": "/v2/metadefs/namespaces/Lab::D2b", "schema": "/v2/schemas/metadefs/namespace"}

a nested property may be confidential
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D5", "properties": {"p": {"type": "string", "title": "x", "confidential": true}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D5
< (json) {"namespace": "Lab::D5", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "string", "title": "x", "confidential": true}}, "self": "/v2/metadefs/namespaces/Lab::D5", "schema": "/v2/schemas/metadefs/namespace"}

a nested property may repeat a name
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D7", "properties": {"p": {"name": "other", "type": "string", "title": "x"}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D7
< (json) {"namespace": "Lab::D7", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"name": "other", "type": "string", "title": "x"}}, "self": "/v2/metadefs/namespaces/Lab::D7", "schema": "/v2/schemas/metadefs/namespace"}

null as the type of a property is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D7b", "properties": {"p": {"type": null, "title": "x"}}, "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: None is not of type &#x27;string&#x27;

a negative length is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D8", "properties": {"p": {"type": "string", "title": "x", "maxLength": -1}}, "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: -1 is less than the minimum of 0

a pattern is not checked
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D9", "properties": {"p": {"type": "string", "title": "x", "pattern": "["}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D9
< (json) {"namespace": "Lab::D9", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "string", "title": "x", "pattern": "["}}, "self": "/v2/metadefs/namespaces/Lab::D9", "schema": "/v2/schemas/metadefs/namespace"}

tags that are not objects are 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::E3", "tags": ["x"], "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;x&#x27; is not of type &#x27;object&#x27;

a required property that is listed twice is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::E5", "objects": [{"name": "o", "required": ["a", "a"]}], "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: [&#x27;a&#x27;, &#x27;a&#x27;] has non-unique elements

empty members are repeated
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::E6", "objects": [], "tags": [], "properties": {}, "resource_type_associations": [], "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::E6
< (json) {"namespace": "Lab::E6", "visibility": "private", "protected": false, "owner": "o", "objects": [], "properties": {}, "tags": [], "resource_type_associations": [], "self": "/v2/metadefs/namespaces/Lab::E6", "schema": "/v2/schemas/metadefs/namespace"}

a namespace without definitions has no members for them
> GET /v2/metadefs/namespaces/Lab::A
> as: admin
< 200
< (json) {"namespace": "Lab::A", "visibility": "private", "protected": false, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::A", "schema": "/v2/schemas/metadefs/namespace"}

a namespace is shown with its definitions, tags newest first
> GET /v2/metadefs/namespaces/Lab::B
> as: admin
< 200
< (json) {"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "properties": {"p1": {"title": "P", "type": "integer", "minimum": 1, "maximum": 5, "default": "1"}, "p2": {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true}}, "objects": [{"name": "o1", "description": "od", "required": ["x"], "properties": {"x": {"title": "X", "type": "string", "enum": ["1", "2"]}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o1", "schema": "/v2/schemas/metadefs/object"}], "tags": [{"name": "t2"}, {"name": "t1"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

names have the prefix of the resource type
> GET /v2/metadefs/namespaces/Lab::B?resource_type=Lab::Image
> as: admin
< 200
< (json) {"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "properties": {"hw_p1": {"title": "P", "type": "integer", "minimum": 1, "maximum": 5, "default": "1"}, "hw_p2": {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true}}, "objects": [{"name": "o1", "description": "od", "required": ["hw_x"], "properties": {"hw_x": {"title": "X", "type": "string", "enum": ["1", "2"]}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o1", "schema": "/v2/schemas/metadefs/object"}], "tags": [{"name": "t2"}, {"name": "t1"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

an unknown resource type has no prefix
> GET /v2/metadefs/namespaces/Lab::B?resource_type=Nix
> as: admin
< 200
< (json) {"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "properties": {"p1": {"title": "P", "type": "integer", "minimum": 1, "maximum": 5, "default": "1"}, "p2": {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true}}, "objects": [{"name": "o1", "description": "od", "required": ["x"], "properties": {"x": {"title": "X", "type": "string", "enum": ["1", "2"]}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o1", "schema": "/v2/schemas/metadefs/object"}], "tags": [{"name": "t2"}, {"name": "t1"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

an unknown namespace is 404
> GET /v2/metadefs/namespaces/Lab::Nix
> as: admin
< 404
< (html) Metadata definition namespace=Lab::Nix was not found.

a stored default is a text
> GET /v2/metadefs/namespaces/Lab::D2
> as: admin
< 200
< (json) {"namespace": "Lab::D2", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "integer", "title": "x", "default": "5"}}, "self": "/v2/metadefs/namespaces/Lab::D2", "schema": "/v2/schemas/metadefs/namespace"}

PUT replaces all attributes, the name too
> PUT /v2/metadefs/namespaces/Lab::A
> as: admin
> (body) {"namespace": "Lab::A2", "display_name": "A two", "protected": true, "owner": "o"}
< 200
< (json) {"namespace": "Lab::A2", "display_name": "A two", "visibility": "private", "protected": true, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::A2", "schema": "/v2/schemas/metadefs/namespace"}

a new name that is in use is 409
> PUT /v2/metadefs/namespaces/Lab::A2
> as: admin
> (body) {"namespace": "Lab::B", "owner": "o"}
< 409
< (html) Invalid update. It would result in a duplicate metadata definition namespace with the same name of Lab::B

PUT ignores definitions
> PUT /v2/metadefs/namespaces/Lab::A2
> as: admin
> (body) {"namespace": "Lab::A2", "protected": true, "tags": [{"name": "n"}], "owner": "o"}
< 200
< (json) {"namespace": "Lab::A2", "visibility": "private", "protected": true, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::A2", "schema": "/v2/schemas/metadefs/namespace"}

a namespace has its new name
> GET /v2/metadefs/namespaces/Lab::A2
> as: admin
< 200
< (json) {"namespace": "Lab::A2", "visibility": "private", "protected": true, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::A2", "schema": "/v2/schemas/metadefs/namespace"}

PUT of an unknown namespace is 404
> PUT /v2/metadefs/namespaces/Lab::Nix
> as: admin
> (body) {"namespace": "x", "owner": "o"}
< 404
< (html) Namespace Lab::Nix not found

PUT without a name is 400
> PUT /v2/metadefs/namespaces/Lab::A2
> as: admin
> (body) {"display_name": "x"}
< 400
< (html) Provided object does not match schema &#x27;namespace&#x27;: &#x27;namespace&#x27; is a required property

a protected namespace is not deleted
> DELETE /v2/metadefs/namespaces/Lab::A2
> as: admin
< 403
< (html) Metadata definition namespace Lab::A2 is protected and cannot be deleted.

the objects of a protected namespace are not deleted
> DELETE /v2/metadefs/namespaces/Lab::A2/objects
> as: admin
< 403
< (html) Metadata definition namespace Lab::A2 is protected and cannot be deleted.

DELETE of an unknown namespace is 404
> DELETE /v2/metadefs/namespaces/Lab::Nix
> as: admin
< 404
< (html) Namespace Lab::Nix not found

a list for a resource type
> GET /v2/metadefs/namespaces?resource_types=Lab::Image
> as: admin
< 200
< (json) {"namespaces": [{"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?resource_types=Lab%3A%3AImage"}

a list for several resource types, and for a visibility
> GET /v2/metadefs/namespaces?resource_types=Lab::Volume,Nix&visibility=public
> as: admin
< 200
< (json) {"namespaces": [{"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?resource_types=Lab%3A%3AVolume%2CNix&visibility=public"}

a list for an unknown resource type is empty
> GET /v2/metadefs/namespaces?resource_types=Nix
> as: admin
< 200
< (json) {"namespaces": [], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?resource_types=Nix"}

a list for an unknown visibility is 400
> GET /v2/metadefs/namespaces?visibility=shared
> as: admin
< 400
< (html) Invalid visibility value: shared

a negative limit is 400
> GET /v2/metadefs/namespaces?limit=-1
> as: admin
< 400
< (html) limit param must be positive

a limit of 0
> GET /v2/metadefs/namespaces?limit=0&resource_types=Lab::Image
> as: admin
< 200
< (json) {"namespaces": [], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?limit=0&resource_types=Lab%3A%3AImage"}

an unknown direction is 400
> GET /v2/metadefs/namespaces?sort_dir=up
> as: admin
< 400
< (html) Invalid sort direction: up

a list sorted by protection
> GET /v2/metadefs/namespaces?sort_key=protected&resource_types=Lab::Image
> as: admin
< 200
< (json) {"namespaces": [{"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?sort_key=protected&resource_types=Lab%3A%3AImage"}

a list sorted by id
> GET /v2/metadefs/namespaces?sort_key=id&resource_types=Lab::Image
> as: admin
< 200
< (json) {"namespaces": [{"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?sort_key=id&resource_types=Lab%3A%3AImage"}

a full page has a link to the next one
> GET /v2/metadefs/namespaces?resource_types=Lab::Image,Lab::Volume&limit=1
> as: admin
< 200
< (json) {"namespaces": [{"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}], "schema": "/v2/schemas/metadefs/namespaces", "next": "/v2/metadefs/namespaces?resource_types=Lab%3A%3AImage%2CLab%3A%3AVolume&limit=1&marker=Lab%3A%3AB", "first": "/v2/metadefs/namespaces?resource_types=Lab%3A%3AImage%2CLab%3A%3AVolume&limit=1"}

an unknown namespace as the marker is 404
> GET /v2/metadefs/namespaces?marker=Lab::Nix
> as: admin
< 404
< (html) Metadata definition namespace=Lab::Nix was not found.

an unknown parameter is ignored
> GET /v2/metadefs/namespaces?color=x&resource_types=Lab::Image
> as: admin
< 200
< (json) {"namespaces": [{"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}], "schema": "/v2/schemas/metadefs/namespaces", "first": "/v2/metadefs/namespaces?color=x&resource_types=Lab%3A%3AImage"}

POST adds an object
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o2", "description": "D", "required": ["a"], "properties": {"a": {"title": "A", "type": "string", "description": "ad", "operators": ["<or>"], "default": "x", "readonly": true, "minLength": 1, "maxLength": 3, "pattern": "^a"}}}
< 201
< (json) {"name": "o2", "description": "D", "required": ["a"], "properties": {"a": {"title": "A", "type": "string", "description": "ad", "operators": ["<or>"], "default": "x", "readonly": true, "minLength": 1, "maxLength": 3, "pattern": "^a"}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o2", "schema": "/v2/schemas/metadefs/object"}

an object needs a name only
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o3"}
< 201
< (json) {"name": "o3", "self": "/v2/metadefs/namespaces/Lab::B/objects/o3", "schema": "/v2/schemas/metadefs/object"}

a second object of that name is 409
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o2"}
< 409
< (html) A metadata definition object with name=o2 already exists in namespace=Lab::B.

an object of an unknown namespace is 404
> POST /v2/metadefs/namespaces/Lab::Nix/objects
> as: admin
> (body) {"name": "o2"}
< 404
< (html) Metadata definition namespace=Lab::Nix was not found.

an object without a name is 400
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"description": "x"}
< 400
< (html) Provided object does not match schema &#x27;object&#x27;: &#x27;name&#x27; is a required property

an object with a long name is 400
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "(81 times a)"}
< 400
< (html) Provided object does not match schema &#x27;object&#x27;: &#x27;(81 times a)&#x27; is too long

an unknown attribute of an object is 400
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o4", "color": "x"}
< 400
< (html) Provided object does not match schema &#x27;object&#x27;: Additional properties are not allowed (&#x27;color&#x27; was unexpected)

the path of an object is read-only
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o4", "self": "x"}
< 403
< (html) Attribute &#x27;self&#x27; is read-only.

an unknown attribute of a property of an object is 400
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o4", "properties": {"a": {"title": "A", "type": "string", "color": "x"}}}
< 400
< (html) Provided object does not match schema &#x27;property&#x27;: Additional properties are not allowed (&#x27;color&#x27; was unexpected)

a property of an object without a type is 400
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "o4", "properties": {"a": {"title": "A"}}}
< 400
< (html) Provided object does not match schema &#x27;object&#x27;: &#x27;type&#x27; is a required property

objects are listed
> GET /v2/metadefs/namespaces/Lab::B/objects
> as: admin
< 200
< (json) {"objects": [{"name": "o1", "description": "od", "required": ["x"], "properties": {"x": {"title": "X", "type": "string", "enum": ["1", "2"]}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o1", "schema": "/v2/schemas/metadefs/object"}, {"name": "o2", "description": "D", "required": ["a"], "properties": {"a": {"title": "A", "type": "string", "description": "ad", "operators": ["<or>"], "default": "x", "readonly": true, "minLength": 1, "maxLength": 3, "pattern": "^a"}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o2", "schema": "/v2/schemas/metadefs/object"}, {"name": "o3", "required": [], "properties": {}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o3", "schema": "/v2/schemas/metadefs/object"}], "schema": "v2/schemas/metadefs/objects"}

the limit of a list of objects has no effect
> GET /v2/metadefs/namespaces/Lab::B/objects?limit=1
> as: admin
< 200
< (json) {"objects": [{"name": "o1", "description": "od", "required": ["x"], "properties": {"x": {"title": "X", "type": "string", "enum": ["1", "2"]}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o1", "schema": "/v2/schemas/metadefs/object"}, {"name": "o2", "description": "D", "required": ["a"], "properties": {"a": {"title": "A", "type": "string", "description": "ad", "operators": ["<or>"], "default": "x", "readonly": true, "minLength": 1, "maxLength": 3, "pattern": "^a"}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o2", "schema": "/v2/schemas/metadefs/object"}, {"name": "o3", "required": [], "properties": {}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o3", "schema": "/v2/schemas/metadefs/object"}], "schema": "v2/schemas/metadefs/objects"}

but it must be a number
> GET /v2/metadefs/namespaces/Lab::B/objects?limit=x
> as: admin
< 400
< (html) limit param must be an integer

and positive
> GET /v2/metadefs/namespaces/Lab::B/objects?limit=0
> as: admin
< 400
< (html) limit param must be positive

the objects of an unknown namespace are 404
> GET /v2/metadefs/namespaces/Lab::Nix/objects
> as: admin
< 404
< (html) Metadata definition namespace=Lab::Nix was not found.

an object is shown
> GET /v2/metadefs/namespaces/Lab::B/objects/o2
> as: admin
< 200
< (json) {"name": "o2", "description": "D", "required": ["a"], "properties": {"a": {"title": "A", "type": "string", "description": "ad", "operators": ["<or>"], "default": "x", "readonly": true, "minLength": 1, "maxLength": 3, "pattern": "^a"}}, "self": "/v2/metadefs/namespaces/Lab::B/objects/o2", "schema": "/v2/schemas/metadefs/object"}

an unknown object is 404
> GET /v2/metadefs/namespaces/Lab::B/objects/nix
> as: admin
< 404
< (html) Could not find metadata object nix

an object of an unknown namespace is not shown
> GET /v2/metadefs/namespaces/Lab::Nix/objects/nix
> as: admin
< 404
< (html) Metadata definition namespace=Lab::Nix was not found.

PUT replaces an object, its name too
> PUT /v2/metadefs/namespaces/Lab::B/objects/o3
> as: admin
> (body) {"name": "o3b", "description": "new"}
< 200
< (json) {"name": "o3b", "description": "new", "self": "/v2/metadefs/namespaces/Lab::B/objects/o3b", "schema": "/v2/schemas/metadefs/object"}

a new name of an object that is in use is 409
> PUT /v2/metadefs/namespaces/Lab::B/objects/o3b
> as: admin
> (body) {"name": "o2"}
< 409
< (html) Invalid update. It would result in a duplicate metadata definition object with the same name=o3b in namespace=Lab::B.

PUT of an unknown object is 404
> PUT /v2/metadefs/namespaces/Lab::B/objects/nix
> as: admin
> (body) {"name": "o9"}
< 404
< (html) Could not find metadata object nix

an object is deleted
> DELETE /v2/metadefs/namespaces/Lab::B/objects/o3b
> as: admin
< 204
< (empty)

an object that was deleted is 404
> DELETE /v2/metadefs/namespaces/Lab::B/objects/o3b
> as: admin
< 404
< (html) Could not find metadata object o3b

POST adds a property
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p3", "title": "P3", "type": "string", "description": "d"}
< 201
< (json) {"name": "p3", "title": "P3", "type": "string", "description": "d"}

a second property of that name is 409
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p3", "title": "P3", "type": "string"}
< 409
< (html) A metadata definition property with name=p3 already exists in namespace=Lab::B.

a property without a name is 400
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"title": "P3", "type": "string"}
< 400
< (html) Provided object does not match schema &#x27;property&#x27;: &#x27;name&#x27; is a required property

a single property without a title is 400
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p4", "type": "string"}
< 400
< (html) Provided object does not match schema &#x27;property&#x27;: &#x27;title&#x27; is a required property

a property without a type is 400
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p4", "title": "x"}
< 400
< (html) Provided object does not match schema &#x27;property&#x27;: &#x27;type&#x27; is a required property

the time of a property is read-only
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p4", "title": "x", "type": "string", "created_at": "x"}
< 403
< (html) Attribute &#x27;created_at&#x27; is read-only.

an unknown attribute of a property is 400
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p4", "title": "x", "type": "string", "color": "x"}
< 400
< (html) Provided object does not match schema &#x27;property&#x27;: Additional properties are not allowed (&#x27;color&#x27; was unexpected)

a number as default of a single property becomes a text
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "p5", "title": "x", "type": "integer", "default": 5}
< 201
< (json) {"name": "p5", "title": "x", "type": "integer", "default": "5"}

a property of an unknown namespace is 404
> POST /v2/metadefs/namespaces/Lab::Nix/properties
> as: admin
> (body) {"name": "p4", "title": "x", "type": "string"}
< 404
< (html) Namespace Lab::Nix not found

properties are listed by name
> GET /v2/metadefs/namespaces/Lab::B/properties
> as: admin
< 200
< (json) {"properties": {"p1": {"type": "integer", "title": "P", "default": "1", "minimum": 1, "maximum": 5}, "p2": {"type": "array", "title": "Q", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true}, "p3": {"name": "p3", "type": "string", "title": "P3", "description": "d"}, "p5": {"name": "p5", "type": "integer", "title": "x", "default": "5"}}}

the properties of an unknown namespace are 404
> GET /v2/metadefs/namespaces/Lab::Nix/properties
> as: admin
< 404
< (html) Namespace Lab::Nix not found

a property is shown
> GET /v2/metadefs/namespaces/Lab::B/properties/p2
> as: admin
< 200
< (json) {"title": "Q", "type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "uniqueItems": true, "name": "p2"}

a property is found by its name with the prefix of a resource type
> GET /v2/metadefs/namespaces/Lab::B/properties/hw_p1?resource_type=Lab::Image
> as: admin
< 200
< (json) {"title": "P", "type": "integer", "minimum": 1, "maximum": 5, "default": "1", "name": "p1"}

but not without the prefix
> GET /v2/metadefs/namespaces/Lab::B/properties/p1?resource_type=Lab::Image
> as: admin
< 404
< (html) Property p1 does not start with the expected resource type association prefix of &#x27;hw_&#x27;.

a property for an unknown resource type is 404
> GET /v2/metadefs/namespaces/Lab::B/properties/p1?resource_type=Nix
> as: admin
< 404
< (html) The metadata definition resource-type with name=Nix, was not found.

a property for a resource type of other namespaces is 404
> GET /v2/metadefs/namespaces/Lab::A2/properties/p1?resource_type=Lab::Image
> as: admin
< 404
< (html) The metadata definition resource-type association of resource-type=Lab::Image to namespace=Lab::A2, was not found.

an unknown property is 404
> GET /v2/metadefs/namespaces/Lab::B/properties/nix
> as: admin
< 404
< (html) Could not find property nix

PUT replaces a property, its name too
> PUT /v2/metadefs/namespaces/Lab::B/properties/p3
> as: admin
> (body) {"name": "p3b", "title": "T", "type": "boolean"}
< 200
< (json) {"name": "p3b", "title": "T", "type": "boolean"}

a new name of a property that is in use is 409
> PUT /v2/metadefs/namespaces/Lab::B/properties/p3b
> as: admin
> (body) {"name": "p1", "title": "T", "type": "boolean"}
< 409
< (html) Invalid update. It would result in a duplicate metadata definition property with the same name=p3b in namespace=Lab::B.

PUT of an unknown property is 404
> PUT /v2/metadefs/namespaces/Lab::B/properties/nix
> as: admin
> (body) {"name": "p1", "title": "T", "type": "boolean"}
< 404
< (html) Could not find property nix

a property is deleted
> DELETE /v2/metadefs/namespaces/Lab::B/properties/p3b
> as: admin
< 204
< (empty)

a property that was deleted is 404
> DELETE /v2/metadefs/namespaces/Lab::B/properties/p3b
> as: admin
< 404
< (html) Could not find property p3b

POST adds a tag by its path
> POST /v2/metadefs/namespaces/Lab::B/tags/t3
> as: admin
< 201
< (json) {"name": "t3"}

a second tag of that name is 409
> POST /v2/metadefs/namespaces/Lab::B/tags/t3
> as: admin
< 409
< (html) A metadata tag with name=t3 already exists in namespace=Lab::B. (Please note that metadata tag names are case insensitive).

tags that differ in case are different
> POST /v2/metadefs/namespaces/Lab::B/tags/T3
> as: admin
< 201
< (json) {"name": "T3"}

a tag with a long name is 400
> POST /v2/metadefs/namespaces/Lab::B/tags/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
> as: admin
< 400
< (html) Provided object does not match schema &#x27;tag&#x27;: &#x27;(81 times a)&#x27; is too long

a tag of an unknown namespace is 404
> POST /v2/metadefs/namespaces/Lab::Nix/tags/t3
> as: admin
< 404
< (html) Namespace Lab::Nix not found

tags are listed, newest first
> GET /v2/metadefs/namespaces/Lab::B/tags
> as: admin
< 200
< (json) {"tags": [{"name": "T3"}, {"name": "t3"}, {"name": "t2"}, {"name": "t1"}]}

tags are listed up to a limit
> GET /v2/metadefs/namespaces/Lab::B/tags?limit=2
> as: admin
< 200
< (json) {"tags": [{"name": "T3"}, {"name": "t3"}]}

tags are listed from a marker
> GET /v2/metadefs/namespaces/Lab::B/tags?limit=2&marker=t2
> as: admin
< 200
< (json) {"tags": [{"name": "t1"}]}

tags are listed in another order
> GET /v2/metadefs/namespaces/Lab::B/tags?sort_key=name&sort_dir=asc
> as: admin
< 200
< (json) {"tags": [{"name": "T3"}, {"name": "t1"}, {"name": "t2"}, {"name": "t3"}]}

an unknown tag as the marker is 404
> GET /v2/metadefs/namespaces/Lab::B/tags?marker=nix
> as: admin
< 404
< (html) Could not find metadata tag nix

a limit of tags that is no number is 400
> GET /v2/metadefs/namespaces/Lab::B/tags?limit=x
> as: admin
< 400
< (html) limit param must be an integer

an unknown direction of tags is 400
> GET /v2/metadefs/namespaces/Lab::B/tags?sort_dir=up
> as: admin
< 400
< (html) Invalid sort direction: up

a tag is shown
> GET /v2/metadefs/namespaces/Lab::B/tags/t1
> as: admin
< 200
< (json) {"name": "t1"}

a tag in another case is 404
> GET /v2/metadefs/namespaces/Lab::B/tags/T1
> as: admin
< 404
< (html) Could not find metadata tag T1

an unknown tag is 404
> GET /v2/metadefs/namespaces/Lab::B/tags/nix
> as: admin
< 404
< (html) Could not find metadata tag nix

PUT renames a tag
> PUT /v2/metadefs/namespaces/Lab::B/tags/t3
> as: admin
> (body) {"name": "t4"}
< 200
< (json) {"name": "t4"}

a new name of a tag that is in use is 409
> PUT /v2/metadefs/namespaces/Lab::B/tags/t4
> as: admin
> (body) {"name": "t1"}
< 409
< (html) A metadata tag with name=t1 already exists in namespace=Lab::B. (Please note that metadata tag names are case insensitive).

PUT of an unknown tag is 404
> PUT /v2/metadefs/namespaces/Lab::B/tags/nix
> as: admin
> (body) {"name": "t1"}
< 404
< (html) Could not find metadata tag nix

an unknown attribute of a tag is 400
> PUT /v2/metadefs/namespaces/Lab::B/tags/t4
> as: admin
> (body) {"nam": "t1"}
< 400
< (html) Provided object does not match schema &#x27;tag&#x27;: Additional properties are not allowed (&#x27;nam&#x27; was unexpected)

a tag is deleted
> DELETE /v2/metadefs/namespaces/Lab::B/tags/t4
> as: admin
< 204
< (empty)

a tag that was deleted is 404
> DELETE /v2/metadefs/namespaces/Lab::B/tags/t4
> as: admin
< 404
< (html) Could not find metadata tag t4

POST replaces all tags
> POST /v2/metadefs/namespaces/Lab::B/tags
> as: admin
> (body) {"tags": [{"name": "n1"}, {"name": "n2"}]}
< 201
< (json) {"tags": [{"name": "n1"}, {"name": "n2"}]}

or adds to them
> POST /v2/metadefs/namespaces/Lab::B/tags
> as: admin
> x-openstack-append: True
> (body) {"tags": [{"name": "n3"}]}
< 201
< (json) {"tags": [{"name": "n3"}]}

adds none if one exists
> POST /v2/metadefs/namespaces/Lab::B/tags
> as: admin
> x-openstack-append: True
> (body) {"tags": [{"name": "n4"}, {"name": "n3"}]}
< 409
< (html) A metadata tag with name=n3 already exists in namespace=Lab::B. (Please note that metadata tag names are case insensitive).

tags in a request that are the same are 409
> POST /v2/metadefs/namespaces/Lab::B/tags
> as: admin
> (body) {"tags": [{"name": "x"}, {"name": "x"}]}
< 409
< (html) A metadata tag with name=x already exists in namespace=Lab::B. (Please note that metadata tag names are case insensitive).

an unknown attribute in a list of tags is 400
> POST /v2/metadefs/namespaces/Lab::B/tags
> as: admin
> (body) {"tags": [{"name": "x", "y": "z"}]}
< 400
< (html) Provided object does not match schema &#x27;tags&#x27;: Additional properties are not allowed (&#x27;y&#x27; was unexpected)

what was refused has no effect
> GET /v2/metadefs/namespaces/Lab::B/tags
> as: admin
< 200
< (json) {"tags": [{"name": "n3"}, {"name": "n2"}, {"name": "n1"}]}

all tags are deleted
> DELETE /v2/metadefs/namespaces/Lab::B/tags
> as: admin
< 204
< (empty)

no tags are left
> GET /v2/metadefs/namespaces/Lab::B/tags
> as: admin
< 200
< (json) {"tags": []}

associations are listed
> GET /v2/metadefs/namespaces/Lab::B/resource_types
> as: admin
< 200
< (json) {"resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}]}

the associations of an unknown namespace are 404
> GET /v2/metadefs/namespaces/Lab::Nix/resource_types
> as: admin
< 404
< (html) Namespace Lab::Nix not found

POST adds an association
> POST /v2/metadefs/namespaces/Lab::B/resource_types
> as: admin
> (body) {"name": "Lab::Server", "properties_target": "meta"}
< 201
< (json) {"name": "Lab::Server", "properties_target": "meta"}

a second association with that type is 409
> POST /v2/metadefs/namespaces/Lab::B/resource_types
> as: admin
> (body) {"name": "Lab::Server"}
< 409
< (html) The metadata definition resource-type association of resource-type=Lab::Server to namespace=Lab::B already exists.

an association without a name is 400
> POST /v2/metadefs/namespaces/Lab::B/resource_types
> as: admin
> (body) {"prefix": "x"}
< 400
< (html) Provided object does not match schema &#x27;resource_type_association&#x27;: &#x27;name&#x27; is a required property

an unknown attribute of an association is 400
> POST /v2/metadefs/namespaces/Lab::B/resource_types
> as: admin
> (body) {"name": "x", "color": "x"}
< 400
< (html) Provided object does not match schema &#x27;resource_type_association&#x27;: Additional properties are not allowed (&#x27;color&#x27; was unexpected)

an association of an unknown namespace is 404
> POST /v2/metadefs/namespaces/Lab::Nix/resource_types
> as: admin
> (body) {"name": "x"}
< 404
< (html) Namespace Lab::Nix not found

an association is deleted
> DELETE /v2/metadefs/namespaces/Lab::B/resource_types/Lab::Server
> as: admin
< 204
< (empty)

an association that was deleted is 404
> DELETE /v2/metadefs/namespaces/Lab::B/resource_types/Lab::Server
> as: admin
< 404
< (html) Failed to find resource type Lab::Server to delete

PUT /v2/metadefs/resource_types is 405
> PUT /v2/metadefs/resource_types
> as: admin
< 405 | allow: GET
< (html) The method PUT is not allowed for this resource.

PATCH /v2/metadefs/namespaces/Lab::B is 405
> PATCH /v2/metadefs/namespaces/Lab::B
> as: admin
> (body) {}
< 405 | allow: GET, PUT, DELETE
< (html) The method PATCH is not allowed for this resource.

POST /v2/metadefs/namespaces/Lab::B is 405
> POST /v2/metadefs/namespaces/Lab::B
> as: admin
< 405 | allow: GET, PUT, DELETE
< (html) The method POST is not allowed for this resource.

PUT /v2/metadefs/namespaces/Lab::B/objects is 405
> PUT /v2/metadefs/namespaces/Lab::B/objects
> as: admin
< 405 | allow: GET, POST, DELETE
< (html) The method PUT is not allowed for this resource.

PUT /v2/metadefs/namespaces/Lab::B/properties is 405
> PUT /v2/metadefs/namespaces/Lab::B/properties
> as: admin
< 405 | allow: GET, POST, DELETE
< (html) The method PUT is not allowed for this resource.

PUT /v2/metadefs/namespaces/Lab::B/tags is 405
> PUT /v2/metadefs/namespaces/Lab::B/tags
> as: admin
< 405 | allow: GET, POST, DELETE
< (html) The method PUT is not allowed for this resource.

PUT /v2/metadefs/namespaces/Lab::B/resource_types is 405
> PUT /v2/metadefs/namespaces/Lab::B/resource_types
> as: admin
< 405 | allow: GET, POST
< (html) The method PUT is not allowed for this resource.

POST /v2/metadefs/namespaces/Lab::B/objects/x is 405
> POST /v2/metadefs/namespaces/Lab::B/objects/x
> as: admin
< 405 | allow: GET, PUT, DELETE
< (html) The method POST is not allowed for this resource.

POST /v2/metadefs/namespaces/Lab::B/properties/x is 405
> POST /v2/metadefs/namespaces/Lab::B/properties/x
> as: admin
< 405 | allow: GET, PUT, DELETE
< (html) The method POST is not allowed for this resource.

PATCH /v2/metadefs/namespaces/Lab::B/tags/x is 405
> PATCH /v2/metadefs/namespaces/Lab::B/tags/x
> as: admin
< 405 | allow: GET, POST, PUT, DELETE
< (html) The method PATCH is not allowed for this resource.

GET /v2/metadefs/namespaces/Lab::B/resource_types/x is 405
> GET /v2/metadefs/namespaces/Lab::B/resource_types/x
> as: admin
< 405 | allow: DELETE
< (html) The method GET is not allowed for this resource.

PUT /v2/metadefs/namespaces is 405
> PUT /v2/metadefs/namespaces
> as: admin
< 405 | allow: GET, POST
< (html) The method PUT is not allowed for this resource.

an unknown member of a namespace is 404
> GET /v2/metadefs/namespaces/Lab::B/nonsense
> as: admin
< 404
< (html) The resource could not be found.

all objects are deleted
> DELETE /v2/metadefs/namespaces/Lab::B/objects
> as: admin
< 204
< (empty)

all properties are deleted
> DELETE /v2/metadefs/namespaces/Lab::B/properties
> as: admin
< 204
< (empty)

a namespace without definitions keeps its associations
> GET /v2/metadefs/namespaces/Lab::B
> as: admin
< 200
< (json) {"namespace": "Lab::B", "display_name": "B ü", "description": "d", "visibility": "public", "protected": false, "owner": "o", "resource_type_associations": [{"name": "Lab::Image", "prefix": "hw_"}, {"name": "Lab::Volume", "prefix": "v:", "properties_target": "image"}], "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

a namespace is protected by PUT
> PUT /v2/metadefs/namespaces/Lab::B
> as: admin
> (body) {"namespace": "Lab::B", "protected": true, "owner": "o"}
< 200
< (json) {"namespace": "Lab::B", "visibility": "private", "protected": true, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

a protected namespace takes an object
> POST /v2/metadefs/namespaces/Lab::B/objects
> as: admin
> (body) {"name": "po"}
< 201
< (json) {"name": "po", "self": "/v2/metadefs/namespaces/Lab::B/objects/po", "schema": "/v2/schemas/metadefs/object"}

and a property
> POST /v2/metadefs/namespaces/Lab::B/properties
> as: admin
> (body) {"name": "pp", "title": "x", "type": "string"}
< 201
< (json) {"name": "pp", "title": "x", "type": "string"}

and a tag
> POST /v2/metadefs/namespaces/Lab::B/tags/pt
> as: admin
< 201
< (json) {"name": "pt"}

its object is not deleted
> DELETE /v2/metadefs/namespaces/Lab::B/objects/po
> as: admin
< 403
< (html) Metadata definition object po is protected and cannot be deleted.

nor its property
> DELETE /v2/metadefs/namespaces/Lab::B/properties/pp
> as: admin
< 403
< (html) Metadata definition property pp is protected and cannot be deleted.

nor its tag
> DELETE /v2/metadefs/namespaces/Lab::B/tags/pt
> as: admin
< 403
< (html) Metadata definition tag pt is protected and cannot be deleted.

nor its association
> DELETE /v2/metadefs/namespaces/Lab::B/resource_types/Lab::Image
> as: admin
< 403
< (html) Metadata definition resource-type-association Lab::Image is protected and cannot be deleted.

nor its objects
> DELETE /v2/metadefs/namespaces/Lab::B/objects
> as: admin
< 403
< (html) Metadata definition namespace Lab::B is protected and cannot be deleted.

nor its properties
> DELETE /v2/metadefs/namespaces/Lab::B/properties
> as: admin
< 403
< (html) Metadata definition namespace Lab::B is protected and cannot be deleted.

nor its tags
> DELETE /v2/metadefs/namespaces/Lab::B/tags
> as: admin
< 403
< (html) Metadata definition namespace Lab::B is protected and cannot be deleted.

but its tags are replaced
> POST /v2/metadefs/namespaces/Lab::B/tags
> as: admin
> (body) {"tags": []}
< 201
< (json) {"tags": []}

and its object is changed
> PUT /v2/metadefs/namespaces/Lab::B/objects/po
> as: admin
> (body) {"name": "po2"}
< 200
< (json) {"name": "po2", "self": "/v2/metadefs/namespaces/Lab::B/objects/po2", "schema": "/v2/schemas/metadefs/object"}

the protection ends
> PUT /v2/metadefs/namespaces/Lab::B
> as: admin
> (body) {"namespace": "Lab::B", "owner": "o"}
< 200
< (json) {"namespace": "Lab::B", "visibility": "private", "protected": false, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::B", "schema": "/v2/schemas/metadefs/namespace"}

also that of the other one
> PUT /v2/metadefs/namespaces/Lab::A2
> as: admin
> (body) {"namespace": "Lab::A2", "owner": "o"}
< 200
< (json) {"namespace": "Lab::A2", "visibility": "private", "protected": false, "owner": "o", "self": "/v2/metadefs/namespaces/Lab::A2", "schema": "/v2/schemas/metadefs/namespace"}

a namespace is deleted with its definitions
> DELETE /v2/metadefs/namespaces/Lab::B
> as: admin
< 204
< (empty)

a namespace without definitions is deleted
> DELETE /v2/metadefs/namespaces/Lab::A2
> as: admin
< 204
< (empty)

the types of resources remain
> GET /v2/metadefs/resource_types
> as: admin
< 200
< (json) {"resource_types": [{"name": "Lab::Image"}, {"name": "Lab::Volume"}, {"name": "Lab::Server"}]}
`,
)

replayV2(
  'metadata definitions where the recorded service fails, loses a value, or cannot delete what it took',
  `
the path of a namespace is a header
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "☃ 1", "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/%E2%98%83%201
< (json) {"namespace": "☃ 1", "visibility": "private", "protected": false, "owner": "o", "self": "/v2/metadefs/namespaces/☃ 1", "schema": "/v2/schemas/metadefs/namespace"}

a namespace is found by its path in a header
> DELETE /v2/metadefs/namespaces/%E2%98%83%201
> as: admin
< 204
< (empty)

a list as the body is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) []
< 400
< (html) The body must be a JSON object.

an unknown attribute of a nested property is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D1", "properties": {"p": {"type": "string", "title": "x", "color": "y"}}, "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;property&#x27;: Additional properties are not allowed (&#x27;color&#x27; was unexpected)

a list as default is kept
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D2c", "properties": {"p": {"type": "array", "title": "x", "default": ["a"]}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D2c
< (json) {"namespace": "Lab::D2c", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "array", "title": "x", "default": ["a"]}}, "self": "/v2/metadefs/namespaces/Lab::D2c", "schema": "/v2/schemas/metadefs/namespace"}

numbers as values become texts
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D3", "properties": {"p": {"type": "integer", "title": "x", "enum": [1, 2]}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D3
< (json) {"namespace": "Lab::D3", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "integer", "title": "x", "enum": ["1", "2"]}}, "self": "/v2/metadefs/namespaces/Lab::D3", "schema": "/v2/schemas/metadefs/namespace"}

a fraction as minimum is kept
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D4", "properties": {"p": {"type": "number", "title": "x", "minimum": 0.5}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D4
< (json) {"namespace": "Lab::D4", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "number", "title": "x", "minimum": 0.5}}, "self": "/v2/metadefs/namespaces/Lab::D4", "schema": "/v2/schemas/metadefs/namespace"}

a nested property may list what it requires
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::D6", "properties": {"p": {"type": "string", "title": "x", "required": ["a"]}}, "owner": "o"}
< 201 | location: http://{HOST}/v2/metadefs/namespaces/Lab::D6
< (json) {"namespace": "Lab::D6", "visibility": "private", "protected": false, "owner": "o", "properties": {"p": {"type": "string", "title": "x", "required": ["a"]}}, "self": "/v2/metadefs/namespaces/Lab::D6", "schema": "/v2/schemas/metadefs/namespace"}

a nested object without a name is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::E1", "objects": [{"description": "x"}], "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;object&#x27;: &#x27;name&#x27; is a required property

a nested tag without a name is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::E2", "tags": [{}], "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;tag&#x27;: &#x27;name&#x27; is a required property

a nested association without a name is 400
> POST /v2/metadefs/namespaces
> as: admin
> (body) {"namespace": "Lab::E4", "resource_type_associations": [{"prefix": "x"}], "owner": "o"}
< 400
< (html) Provided object does not match schema &#x27;resource_type_association&#x27;: &#x27;name&#x27; is a required property

a limit that is no number is 400
> GET /v2/metadefs/namespaces?limit=x
> as: admin
< 400
< (html) limit param must be an integer

an unknown sort key is 400
> GET /v2/metadefs/namespaces?sort_key=color
> as: admin
< 400
< (html) Invalid sort key: color. It must be one of the following: created_at, updated_at, namespace, display_name, description, visibility, protected, id, owner.

an unknown sort key of tags is 400
> GET /v2/metadefs/namespaces/Lab::D3/tags?sort_key=color
> as: admin
< 400
< (html) Invalid sort key: color. It must be one of the following: created_at, updated_at, name.

a request without tags is 400
> POST /v2/metadefs/namespaces/Lab::D3/tags
> as: admin
> (body) {}
< 400
< (html) Provided object does not match schema &#x27;tags&#x27;: &#x27;tags&#x27; is a required property
`,
)
