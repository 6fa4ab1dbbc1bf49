// CloudFront function, viewer request: rows and state are never given out, however their path is written.
// Terraform puts the key prefix in place of the mark below.
var PREFIX = '/${prefix}';
var PRIVATE = ['raw', 'state'];
var MAX_DECODINGS = 5;

// The path as the most lenient reader would take it: one case, one kind of slash, no dot segments, no odd endings.
function plain(path) {
  var kept = [];
  var segments = path.toLowerCase().replace(/\\/g, '/').split('/');
  for (var i = 0; i < segments.length; i++) {
    var segment = segments[i].split(';')[0].replace(/[\u0000-\u0020]/g, '');
    if (segment === '..') {
      kept.pop();
    } else {
      segment = segment.replace(/\.+$/, '');
      if (segment !== '') kept.push(segment);
    }
  }
  return '/' + kept.join('/') + '/';
}

function isPrivate(path) {
  var found = plain(path);
  for (var i = 0; i < PRIVATE.length; i++) {
    if (found.indexOf(PREFIX.toLowerCase() + PRIVATE[i] + '/') === 0) return true;
  }
  return false;
}

// Every reading of the path, from as it came to wholly decoded; what cannot be decoded is refused.
function refuses(uri) {
  var path = uri;
  for (var i = 0; i < MAX_DECODINGS; i++) {
    if (isPrivate(path)) return true;
    var decoded;
    try {
      decoded = decodeURIComponent(path);
    } catch (e) {
      return true;
    }
    if (decoded === path) return false;
    path = decoded;
  }
  return true;
}

function handler(event) {
  if (!refuses(event.request.uri)) return event.request;
  return {
    statusCode: 403,
    statusDescription: 'Forbidden',
    headers: { 'cache-control': { value: 'no-store' } },
  };
}
