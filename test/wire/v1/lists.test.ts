/** Filters, order and pages of lists, as recorded (section D). */
import {replay} from './replay.js'
import {expectNames, refuse, SAMPLES, THETA} from './shorthand.js'

replay(
  'lists',
  [
    SAMPLES,
    THETA,
    `image 9
> POST /v1/images
> *id: #9 | *name: iota | *is_public: True | *disk_format: raw | *container_format: bare
> *checksum: 00000000000000000000000000000000 | Content-Type: application/octet-stream
> (body) abcd
< 400`,
    expectNames(
      'D1 the index lists public images only, the newest first, with six keys each',
      '/v1/images',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D2 the detailed list gives all eighteen keys of each image',
      '/v1/images/detail',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames('D3 the filter name selects the images of that name', '/v1/images?name=alpha', 'alpha'),
    expectNames('D4 the filter name without a match gives an empty list', '/v1/images?name=nosuch', ''),
    expectNames(
      'D5 the filter name is case-sensitive and matches the whole name',
      '/v1/images?name=ALPHA',
      '',
    ),
    expectNames('D6 an empty filter name matches no image', '/v1/images?name=', ''),
    expectNames(
      'D7 the filter container_format selects the images of that format',
      '/v1/images?container_format=ovf',
      'epsilon beta',
    ),
    expectNames('D8 an unknown container_format matches no image', '/v1/images?container_format=nosuch', ''),
    expectNames(
      'D9 the filter disk_format selects the images of that format',
      '/v1/images?disk_format=raw',
      'eta alpha',
    ),
    expectNames('D10 an unknown disk_format matches no image', '/v1/images?disk_format=nosuch', ''),
    expectNames(
      'D11 the filter status selects the images with that status',
      '/v1/images?status=queued',
      'gamma',
    ),
    expectNames('D12 an unknown status matches no image', '/v1/images?status=nosuch', ''),
    expectNames('D13 status=deleted matches no image', '/v1/images?status=deleted', ''),
    expectNames('D14 status=killed matches no image', '/v1/images?status=killed', ''),
    expectNames(
      'D15 size_min selects the images of at least that size',
      '/v1/images?size_min=12',
      'eta epsilon',
    ),
    expectNames(
      'D16 size_max selects the images of at most that size',
      '/v1/images?size_max=3',
      'zeta gamma beta',
    ),
    expectNames(
      'D17 size_min and size_max are both inclusive',
      '/v1/images?size_min=3&size_max=11',
      'beta alpha',
    ),
    refuse(
      'D18 a size_min that is not a number is refused',
      'GET /v1/images?size_min=abc',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got abc',
    ),
    refuse(
      'D19 a negative size_min is refused',
      'GET /v1/images?size_min=-1',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got -1',
    ),
    refuse(
      'D20 a size_max that is not a whole number is refused',
      'GET /v1/images?size_max=1.5',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_max got 1.5',
    ),
    refuse(
      'D21 an empty size_min is refused',
      'GET /v1/images?size_min=',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got',
    ),
    expectNames(
      'D22 the filter min_ram selects the images with exactly that value',
      '/v1/images?min_ram=512',
      'beta',
    ),
    refuse(
      'D23 a min_ram that is not a number is refused',
      'GET /v1/images?min_ram=abc',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter min_ram got abc',
    ),
    expectNames(
      'D24 the filter min_disk selects the images with exactly that value',
      '/v1/images?min_disk=10',
      'beta',
    ),
    expectNames(
      'D25 a min_disk that is not a number is not checked and matches no image',
      '/v1/images?min_disk=abc',
      '',
    ),
    expectNames('D26 protected=true selects the protected images', '/v1/images?protected=true', 'epsilon'),
    refuse(
      'D27 a protected that is not a boolean is refused',
      'GET /v1/images?protected=maybe',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter protected got maybe',
    ),
    refuse(
      'D28 protected=none is refused by the registry',
      'GET /v1/images?protected=none',
      '400 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. protected must be True, or False <br /><br />',
    ),
    expectNames(
      'D29 a property filter selects the images with that value',
      '/v1/images?property-distro=debian',
      'beta',
    ),
    expectNames(
      'D30 a property filter without a match gives an empty list',
      '/v1/images?property-distro=nosuch',
      '',
    ),
    expectNames(
      'D31 a property filter in another case matches no image, because stored names are in lower case',
      '/v1/images?property-Distro=debian',
      '',
    ),
    expectNames(
      'D32 two property filters must both match',
      '/v1/images?property-distro=ubuntu&property-arch=x86_64',
      'alpha',
    ),
    expectNames('D33 a property filter with an empty name matches no image', '/v1/images?property-=x', ''),
    expectNames(
      'D34 is_public=None lists all images for an administrator',
      '/v1/images?is_public=None',
      'eta zeta epsilon delta gamma beta alpha',
    ),
    expectNames('D35 is_public=False lists the private images only', '/v1/images?is_public=False', 'delta'),
    expectNames(
      'D36 is_public=True lists the public images only',
      '/v1/images?is_public=True',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames('D37 is_public=1 means true', '/v1/images?is_public=1', 'eta zeta epsilon gamma beta alpha'),
    refuse(
      'D38 is_public=yes is refused',
      'GET /v1/images?is_public=yes',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter is_public got yes',
    ),
    refuse(
      'D39 an empty is_public is refused',
      'GET /v1/images?is_public=',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter is_public got',
    ),
    expectNames(
      'D40 an unknown parameter is ignored',
      '/v1/images?frobnicate=1',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D41 owner is not a filter of v1 and is ignored',
      '/v1/images?owner=someone',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames('D42 the last of two equal filters counts', '/v1/images?name=alpha&name=beta', 'beta'),
    expectNames('D43 limit=2 gives the first two images', '/v1/images?limit=2', 'eta zeta'),
    expectNames('D44 a marker gives the images after it', '/v1/images?limit=2&marker=#6', 'epsilon gamma'),
    expectNames('D45 limit=0 gives an empty list', '/v1/images?limit=0', ''),
    refuse(
      'D46 a negative limit is refused by the registry',
      'GET /v1/images?limit=-1',
      '400 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. limit param must be positive <br /><br />',
    ),
    refuse(
      'D47 a limit that is not a number is refused',
      'GET /v1/images?limit=abc',
      '400 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. limit param must be an integer <br /><br />',
    ),
    refuse(
      'D48 an empty limit is refused',
      'GET /v1/images?limit=',
      '400 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. limit param must be an integer <br /><br />',
    ),
    expectNames(
      'D49 a limit above the maximum of 1000 is lowered to it without an error',
      '/v1/images?limit=100000',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames('D50 the last image as the marker gives an empty page', '/v1/images?limit=2&marker=#1', ''),
    refuse(
      'D51 a marker that is an unknown UUID is refused',
      'GET /v1/images?marker=#99999999',
      '400 400 Bad Request Invalid marker. Image could not be found. <br /><br />',
    ),
    refuse(
      'D52 a marker that is not a UUID is refused',
      'GET /v1/images?marker=4',
      '400 400 Bad Request Invalid marker format <br /><br />',
    ),
    refuse(
      'D53 an empty marker is refused like the id of an unknown image',
      'GET /v1/images?marker=',
      '400 400 Bad Request Invalid marker. Image could not be found. <br /><br />',
    ),
    expectNames(
      'D54 a marker may name an image that the filters exclude',
      '/v1/images?marker=#4',
      'gamma beta alpha',
    ),
    expectNames(
      'D55 sort_key=name sorts by name, descending',
      '/v1/images?sort_key=name',
      'zeta gamma eta epsilon beta alpha',
    ),
    expectNames(
      'D56 sort_dir=asc sorts ascending',
      '/v1/images?sort_key=name&sort_dir=asc',
      'alpha beta epsilon eta gamma zeta',
    ),
    expectNames(
      'D57 a marker works with any sort key',
      '/v1/images?sort_key=size&sort_dir=asc&marker=#2',
      'alpha epsilon eta',
    ),
    expectNames(
      'D58 sort_key=container_format breaks ties by time and id',
      '/v1/images?sort_key=container_format',
      'epsilon beta eta zeta alpha gamma',
    ),
    expectNames(
      'D59 sort_key=id sorts by id, descending',
      '/v1/images?sort_key=id',
      'eta zeta epsilon gamma beta alpha',
    ),
    refuse(
      'D60 an unknown sort_key is refused',
      'GET /v1/images?sort_key=owner',
      '400 400 Bad Request Unsupported sort_key. Acceptable values: name, status, container_format, disk_format, size, id, created_at, updated_at <br /><br />',
    ),
    refuse(
      'D61 an empty sort_key is refused',
      'GET /v1/images?sort_key=',
      '400 400 Bad Request Unsupported sort_key. Acceptable values: name, status, container_format, disk_format, size, id, created_at, updated_at <br /><br />',
    ),
    refuse(
      'D62 an unknown sort_dir is refused',
      'GET /v1/images?sort_dir=up',
      '400 400 Bad Request Unsupported sort_dir. Acceptable values: asc, desc <br /><br />',
    ),
    refuse(
      'D63 a sort_dir in capitals is refused',
      'GET /v1/images?sort_dir=ASC',
      '400 400 Bad Request Unsupported sort_dir. Acceptable values: asc, desc <br /><br />',
    ),
    refuse(
      'D64 an empty sort_dir is refused',
      'GET /v1/images?sort_dir=',
      '400 400 Bad Request Unsupported sort_dir. Acceptable values: asc, desc <br /><br />',
    ),
    expectNames(
      'D65 changes-since lists deleted and killed images too',
      '/v1/images?changes-since=2012-01-01T00:00:00',
      'iota theta eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D66 changes-since accepts a time with Z',
      '/v1/images?changes-since=2012-01-01T00:00:00Z',
      'iota theta eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D67 changes-since accepts a time with an offset',
      '/v1/images?changes-since=2012-01-01T00:00:00%2B01:00',
      'iota theta eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D68 a changes-since in the future gives an empty list',
      '/v1/images?changes-since=2099-01-01T00:00:00Z',
      '',
    ),
    expectNames(
      'D69 changes-since accepts a date without a time',
      '/v1/images?changes-since=2012-01-01',
      'iota theta eta zeta epsilon gamma beta alpha',
    ),
    refuse(
      'D70 a changes-since that is not a time is refused',
      'GET /v1/images?changes-since=yesterday',
      '400 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. Unrecognized changes-since value <br /><br />',
    ),
    refuse(
      'D71 an empty changes-since is refused',
      'GET /v1/images?changes-since=',
      '400 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. Unrecognized changes-since value <br /><br />',
    ),
    expectNames(
      'D72 deleted=True has no effect on the index',
      '/v1/images?deleted=True',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D73 the detailed list combines is_public, order and limit',
      '/v1/images/detail?is_public=None&sort_key=name&sort_dir=asc&limit=2',
      'alpha beta',
    ),
    expectNames(
      'D74 the detailed list accepts a property filter',
      '/v1/images/detail?property-arch=x86_64',
      'alpha',
    ),
    refuse(
      'D75 the detailed list refuses a bad filter',
      'GET /v1/images/detail?size_min=abc',
      '400 The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad value passed to filter size_min got abc',
    ),
    refuse(
      'D76 the detailed list refuses a bad marker',
      'GET /v1/images/detail?marker=4',
      '400 400 Bad Request Invalid marker format <br /><br />',
    ),
    expectNames(
      'D77 the detailed list accepts changes-since',
      '/v1/images/detail?changes-since=2012-01-01T00:00:00&name=zeta',
      'zeta',
    ),
    expectNames(
      'D78 an administrator may name a deleted image as the marker',
      '/v1/images?marker=#8',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D79 an administrator may name a killed image as the marker',
      '/v1/images?marker=#9',
      'eta zeta epsilon gamma beta alpha',
    ),
    expectNames(
      'D79a sort_key=status sorts by status',
      '/v1/images?sort_key=status&sort_dir=asc',
      'alpha beta epsilon zeta eta gamma',
    ),
    expectNames(
      'D79b sort_key=disk_format sorts by disk format',
      '/v1/images?sort_key=disk_format&sort_dir=asc',
      'gamma zeta beta alpha eta epsilon',
    ),
    expectNames(
      'D79c sort_key=created_at sorts by the time of creation',
      '/v1/images?sort_key=created_at&sort_dir=asc',
      'alpha beta gamma epsilon zeta eta',
    ),
    expectNames(
      'D79d sort_key=updated_at sorts by the time of the last change',
      '/v1/images?sort_key=updated_at&sort_dir=asc',
      'alpha beta gamma epsilon zeta eta',
    ),
  ].join('\n\n'),
)
