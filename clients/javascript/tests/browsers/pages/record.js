// What every page of the tests keeps for them, and the addresses that it listens at. It runs in old style on purpose:
// the pages of 2008 load it too.

var got = [];       // the values of all events, in order
var told = [];      // what else the page was told: "gap", "replaced", "open ws" …
var notes = [];     // its console and its errors
var missing = '';   // what the engine lacks, if it can't run the page
var ready = true;   // whether events may come

(function () {
  var kept = sessionStorage.getItem(location.href);
  // A page that was left and is loaded anew goes on with what it had.
  if (kept) { got = JSON.parse(kept); }

  ['log', 'warn', 'error'].forEach(function (level) {
    var original = console[level];
    console[level] = function () {
      notes.push(level + ': ' + Array.prototype.join.call(arguments, ' '));
      original.apply(console, arguments);
    };
  });
  addEventListener('error', function (fault) {
    notes.push('error: ' + (fault.message || 'can not load ' + (fault.target.src || fault.target.href)));
  }, true);
  addEventListener('unhandledrejection', function (fault) { notes.push('rejection: ' + fault.reason); });
  addEventListener('pageshow', function (show) { notes.push(show.persisted ? 'restored' : 'shown'); });
})();

function event(data) {
  got.push(data);
  sessionStorage.setItem(location.href, JSON.stringify(got));
}

function tell(what) { told.push(what); }

// The examples of the documentation call it where they are told of one.
function gap() { tell('gap'); }

// Make the alerts of a frame events; its window is another one once its response has begun.
function catch_alerts(frame) {
  ready = false;
  var timer = setInterval(function () {
    if (frame.contentWindow.location.href !== 'about:blank') {
      clearInterval(timer);
      frame.contentWindow.alert = event;
      ready = true;
    }
  }, 5);
}

function field(name) {
  return new URLSearchParams(location.search).get(name) || '';
}

// The server, if it is not the page's own origin.
var server = field('server');

function bar(transport) {
  return server + '/events%7C' + encodeURIComponent(field('user')) + ',' + encodeURIComponent(field('session') || '0') +
    ',' + transport;
}

function query(transport, cursor) {
  return server + '/events?user=' + encodeURIComponent(field('user')) + '&session=' +
    encodeURIComponent(field('session') || '0') + '&transport=' + transport +
    (cursor ? '&last=' + encodeURIComponent(cursor) : '');
}

function needs(name) {
  if (!(name in window)) { missing = 'there is no ' + name; }
  return !missing;
}
