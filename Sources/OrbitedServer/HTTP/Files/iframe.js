// Events of an Orbited iframe go to the page that holds it.
function p() {}
(function (frame) {
  var kept = [], take = function (data) { kept.push(data); };
  Object.defineProperty(frame, 'e', {
    get: function () { return take; },
    set: function (taker) {
      take = taker;
      while (kept.length > 0) { take(kept.shift()); }
    }
  });
  if (frame.parent.Orbited && frame.parent.Orbited.attach_iframe) {
    frame.parent.Orbited.attach_iframe(frame);
  } else {
    frame.e = function (data) { frame.parent.event(data); };
  }
}(window));
