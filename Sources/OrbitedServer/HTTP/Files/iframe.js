// Events of an Orbited iframe go to the page that holds it. Also for browsers that know no more than ECMAScript 3.
function p() {}
(function (frame) {
  var kept = [], take = function (data) { kept.push(data); };

  // Events that come before the page has set `e` are kept for it.
  Object.defineProperty(frame, 'e', {
    get: function () { return take; },
    set: function (taker) {
      take = taker;
      while (kept.length > 0) { take(kept.shift()); }
    }
  });

  function isOfSameOrigin(page) {
    try { return page.document !== undefined; } catch (error) { return false; }
  }

  // The origin that the URL of the frame names; never `*`, by which any page would get the events.
  function namedOrigin() {
    var field = /[?&]origin=([^&#]*)/.exec(frame.location.search);
    var origin = field ? decodeURIComponent(field[1]) : '';
    return /^https?:\/\/[^\/?#*]+$/.test(origin) ? origin : null;
  }

  // A page of another origin can't be called. It gets what comes as messages, and an empty one as a sign of life.
  function post(page, origin) {
    function send(message) { if (origin) { page.postMessage(message, origin); } }
    frame.e = function (data) { send({ orbited: data }); };
    frame.p = function () { send({}); };
    frame.p();
  }

  if (!isOfSameOrigin(frame.parent)) {
    post(frame.parent, namedOrigin());
  } else if (frame.parent.Orbited && frame.parent.Orbited.attach_iframe) {
    frame.parent.Orbited.attach_iframe(frame);
  } else {
    frame.e = function (data) { frame.parent.event(data); };
  }
}(window));
