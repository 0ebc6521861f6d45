// What the example page offers to copy: programs with a connection key filled in.
var snippets = (function () {
  'use strict';

  /** A string literal for a script in a page, in JavaScript and in Python alike. */
  function quote(text) {
    return JSON.stringify(text).replace(/[<>\u2028\u2029]/g, function (character) {
      return '\\u' + ('000' + character.charCodeAt(0).toString(16)).slice(-4);
    });
  }

  /** A word for a POSIX shell. */
  function word(text) { return "'" + text.replace(/'/g, "'\\''") + "'"; }

  function path(key) { return key.location.split('/').map(encodeURIComponent).join('/'); }

  function url(key, transport) {
    return path(key) + '?user=' + encodeURIComponent(key.user) + '&session=' + encodeURIComponent(key.session)
      + '&transport=' + transport;
  }

  function line(key) { return key.user + ', ' + key.session + ', ' + key.location; }

  function script(type, lines) {
    return ['<script' + type + '>'].concat(lines.map(function (text) { return '  ' + text; }), '<\/script>').join('\n');
  }

  // Each takes the URL, as a literal.
  var plain = {
    sse: function (url) {
      return script('', [
        'function listen() {',
        '  var source = new EventSource(' + url + ');',
        '  source.onmessage = function (message) { console.log(message.data); };',
        "  source.addEventListener('gap', function () { console.log('events are missing here'); });",
        "  source.addEventListener('replaced', function () { source.close(); });  // another page has this key now",
        "  source.addEventListener('closed', function () { source.close(); });  // the application said so",
        '  source.onerror = function () {',
        '    // It comes back from a lost connection by itself, but not from a refusal.',
        '    if (source.readyState === EventSource.CLOSED) { setTimeout(listen, 1000); }',
        '  };',
        '}',
        'listen();'
      ]);
    },
    ws: function (url) {
      return script('', [
        "var cursor = '';",
        'function listen() {',
        "  var url = location.origin.replace('http', 'ws') + " + url + ';',
        "  var socket = new WebSocket(url + (cursor && '&last=' + cursor), 'orbited.1');",
        '  socket.onmessage = function (message) {',
        '    var answer = JSON.parse(message.data);',
        '    cursor = answer.cursor || cursor;',
        "    if (answer.gap) { console.log('events are missing here'); }",
        "    if ('data' in answer) { console.log(answer.data); }",
        '  };',
        '  socket.onclose = function (event) {',
        '    // 4001: another page has this key now.',
        '    if (event.code !== 4001) { setTimeout(listen, 1000); }',
        '  };',
        '}',
        'listen();'
      ]);
    },
    ndjson: function (url) {
      return script(' type="module"', [
        "let cursor = '', over = false;",
        'function take(answer) {',
        '  cursor = answer.cursor || cursor;',
        "  over = answer.closed === 'replaced' || answer.closed === 'closed';  // by another page, or the application",
        "  if (answer.gap) { console.log('events are missing here'); }",
        "  if ('data' in answer) { console.log(answer.data); }",
        '}',
        'async function listen() {',
        '  const events = ' + url + " + (cursor && '&last=' + cursor);",
        "  const response = await fetch(events, {cache: 'no-store'});  // or two pages may wait for each other",
        '  if (!response.ok) { throw new Error(await response.text()); }',
        '  const reader = response.body.getReader(), decoder = new TextDecoder();',
        "  for (let rest = '', part; !(part = await reader.read()).done;) {",
        "    const lines = (rest + decoder.decode(part.value, {stream: true})).split('\\n');",
        '    rest = lines.pop();',
        '    lines.forEach((line) => take(JSON.parse(line)));',
        '  }',
        '}',
        'while (!over) {',
        '  await listen().catch(console.error);',
        '  await new Promise((done) => setTimeout(done, 1000));',
        '}'
      ]);
    },
    poll: function (url) {
      return script(' type="module"', [
        "let cursor = '', over = false;",
        'async function poll() {',
        '  const events = ' + url + " + (cursor && '&last=' + cursor);",
        "  const response = await fetch(events, {cache: 'no-store'});  // or two pages may wait for each other",
        '  if (!response.ok) { throw new Error(await response.text()); }',
        '  const answer = await response.json();',
        '  cursor = answer.cursor || cursor;',
        "  over = answer.closed === 'replaced' || answer.closed === 'closed';  // by another page, or the application",
        "  if (answer.closed === 'shutdown') { throw new Error('the server is shutting down'); }",
        "  if (answer.gap) { console.log('events are missing here'); }",
        '  (answer.events || []).forEach((data) => console.log(data));',
        '}',
        'while (!over) {',
        '  await poll().catch((error) => {',
        '    console.error(error);',
        '    return new Promise((done) => setTimeout(done, 1000));',
        '  });',
        '}'
      ]);
    },
    jsonp: function (url) {
      return script('', [
        "var cursor = '';",
        'function poll() {',
        "  var script = document.createElement('script');",
        '  script.src = ' + url + " + '&callback=got' + (cursor && '&last=' + cursor);",
        '  script.onload = function () { script.remove(); };',
        '  script.onerror = function () { script.remove(); setTimeout(poll, 1000); };',
        '  document.head.appendChild(script);',
        '}',
        'function got(answer) {',
        "  if (answer.closed === 'replaced' || answer.closed === 'closed') { return; }  // by another page, or the application",
        '  cursor = answer.cursor || cursor;',
        "  if (answer.gap) { console.log('events are missing here'); }",
        '  (answer.events || []).forEach(function (data) { console.log(data); });',
        '  setTimeout(poll, answer.closed ? 1000 : 0);',
        '}',
        'poll();'
      ]);
    },
    xhr_stream: function (url) {
      return script('', [
        'function listen() {',
        '  var xhr = new XMLHttpRequest(), read = 0;',
        '  xhr.onprogress = function () {',
        "    for (var end; (end = xhr.responseText.indexOf('\\r\\n|O|\\r\\n', read)) >= 0; read = end + 7) {",
        "      var body = xhr.responseText.slice(read, end).replace(/^\\.{256}\\r\\n\\r\\n/, '');",
        "      if (body !== '' && body !== 'ping') { console.log(body); }",
        '    }',
        '  };',
        '  xhr.onloadend = function () { setTimeout(listen, 1000); };',
        "  xhr.open('GET', " + url + ');',
        '  xhr.send();',
        '}',
        'listen();'
      ]);
    },
    xhr: function (url) {
      return script('', [
        'function poll() {',
        '  var xhr = new XMLHttpRequest();',
        '  xhr.onload = function () {',
        '    if (xhr.status !== 200) { setTimeout(poll, 1000); return; }',
        '    poll();',
        "    if (xhr.responseText !== '') { console.log(xhr.responseText); }  // empty: nothing came",
        '  };',
        '  xhr.onerror = function () { setTimeout(poll, 1000); };',
        "  xhr.open('GET', " + url + ');',
        '  xhr.send();',
        '}',
        'poll();'
      ]);
    },
    iframe: function (url) {
      return script('', [
        'var Orbited = {',
        '  attach_iframe: function (frame) { frame.e = function (data) { console.log(data); }; }',
        '};'
      ]) + '\n<iframe src=' + url.replace(/&/g, '&amp;') + ' hidden></iframe>';
    }
  };

  return {
    /** The names of the transports that have a snippet, best first. */
    transports: ['ws', 'sse', 'ndjson', 'poll', 'xhr_stream', 'iframe', 'jsonp', 'xhr'],

    /** A page with the library; with an empty `transport` it chooses by itself. */
    library: function (key, transport) {
      return '<script src="/_/orbited.js"><\/script>\n' + script('', [
        'var connection = new Orbited.Connection({',
        '  user: ' + quote(key.user) + ',',
        '  session: ' + quote(key.session) + ',',
        '  location: ' + quote(key.location) + (transport ? ',' : '')
      ].concat(transport ? ['  transports: [' + quote(transport) + ']'] : [], [
        '});',
        "connection.addEventListener('event', function (event) { console.log(event.data); });"
      ]));
    },

    /** A page without the library. */
    plain: function (key, transport) { return plain[transport || 'sse'](quote(url(key, transport || 'sse'))); },

    /** The command line; `server` tells where the control port is. */
    command: function (key, server) {
      return 'orbited event ' + word(line(key)) + ' ' + word('{"hello": "world"}')
        + (server.host ? ' --host ' + word(server.host) : '') + (server.port ? ' --port ' + server.port : '');
    },

    python: function (key, server) {
      var places = [].concat(server.host ? 'addr=' + quote(server.host) : [], server.port ? 'port=' + server.port : []);
      return [
        'from pyorbited.simple import Client',
        'orbit = Client(' + places.join(', ') + ')',
        'orbit.event([' + quote(line(key)) + '], {"hello": "world"})'
      ].join('\n');
    }
  };
}());
