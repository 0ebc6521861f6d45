// The example page: a connection whose key, transport and life are the user's to choose.
(function () {
  'use strict';

  var MOST_LINES = 200;
  var server = JSON.parse(element('server').textContent);
  var connection = null;

  function element(id) { return document.getElementById(id); }

  function value(id) { return element(id).value; }

  function key() { return { user: value('user'), session: value('session'), location: value('location') }; }

  // What is typed

  function faultOfName(name) {
    if (name === '') { return 'A name is needed.'; }
    if (/, /.test(name)) { return 'A comma and a space can\u2019t stand in it.'; }
    return faultOfText(name);
  }

  function faultOfText(text) {
    return /[\u0000-\u001f\u007f]/.test(text) ? 'Control characters can\u2019t stand in it.' : '';
  }

  function faultOfLocation(location) {
    if (location.charAt(0) !== '/') { return 'A location begins with a slash.'; }
    if (location.indexOf('|') >= 0) { return 'A bar has a meaning of its own in a path.'; }
    if (location.indexOf('/_/') === 0) { return 'What is under /_/ is Orbited\u2019s own.'; }
    var path = location.split('/').map(encodeURIComponent).join('/');
    var rule = server.rules.filter(function (rule) { return path.indexOf(rule.prefix) === 0; })[0];
    if (rule && !rule.isOwn) {
      return 'The proxy passes this to an application: it needs the rule ' + path + ' -> ORBITED before that of '
        + rule.prefix + '.';
    }
    return faultOfText(location);
  }

  function check(id, fault) {
    element(id + '-fault').textContent = fault;
    element(id).setAttribute('aria-invalid', fault !== '');
    return fault === '';
  }

  function checkAll() {
    var wrong = [
      ['user', faultOfName(value('user'))], ['session', faultOfName(value('session'))],
      ['location', faultOfLocation(value('location'))]
    ].filter(function (field) { return !check(field[0], field[1]); });
    element('connect').disabled = wrong.length > 0 || connection !== null;
    return wrong.length === 0;
  }

  function update() {
    if (!checkAll()) { return; }
    element('command').textContent = snippets.command(key(), server);
    element('python').textContent = snippets.python(key(), server);
    element('library').textContent = snippets.library(key(), value('transport'));
    element('plain').textContent = snippets.plain(key(), value('transport'));
  }

  // What comes

  function add(text, about, isNotice) {
    var item = document.createElement('li'), head = document.createElement('span'), log = element('log');
    var isAtEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
    head.className = 'about';
    head.textContent = new Date().toLocaleTimeString() + (about ? ' \u00b7 ' + about : '');
    item.className = isNotice ? 'notice' : 'event';
    item.append(head, text);
    log.append(item);
    if (log.childElementCount > MOST_LINES) { log.firstElementChild.remove(); }
    if (isAtEnd) { log.scrollTop = log.scrollHeight; }
    element('empty').hidden = true;
  }

  function note(text) { add(text, 'notice', true); }

  function show(state, text) {
    element('state').dataset.state = state;
    element('state').textContent = text || state;
    element('transport-used').textContent = connection && connection.transport || 'none';
    element('cursor').textContent = connection && connection.cursor || 'none';
  }

  function setConnected(isConnected) {
    element('fields').disabled = isConnected;
    element('close').disabled = !isConnected;
    checkAll();
  }

  var listeners = {
    open: function (event) { show('open'); note('Open, by ' + event.transport + '.'); },
    event: function (event) {
      var text = typeof event.data === 'string' ? event.data : JSON.stringify(event.data);
      add(text, 'event' + (event.cursor ? ' \u00b7 cursor ' + event.cursor : ''), false);
      show('open');
    },
    gap: function () { note('Events are missing here.'); show('open'); },
    reconnecting: function (event) {
      var seconds = (event.delay / 1000).toFixed(1) + ' s';
      note('The connection was lost' + (event.reason ? ' (' + event.reason + ')' : '') + '; trying again in ' + seconds + '.');
      show('reconnecting', 'reconnecting in ' + seconds);
    },
    replaced: function () { end('replaced', 'Another page has this key now.'); },
    closed: function (event) { end('closed', 'Closed' + (event.reason ? ': ' + event.reason : '') + '.'); }
  };

  function end(state, text) {
    note(text);
    show(state);
    connection = null;
    setConnected(false);
  }

  function connect() {
    var options = key(), opened;
    if (!checkAll() || connection) { return; }
    if (value('transport')) { options.transports = [value('transport')]; }
    options.share = element('share').checked;
    try {
      opened = connection = new Orbited.Connection(options);
    } catch (error) {
      show('refused', 'not possible');
      return note(String(error && error.message || error));
    }
    Object.keys(listeners).forEach(function (name) {
      // What an earlier connection still says is not about this one.
      opened.addEventListener(name, function (event) { if (opened === connection) { listeners[name](event); } });
    });
    setConnected(true);
    show('connecting');
    element('close').focus();
  }

  function close() {
    if (!connection) { return; }
    connection.close();
    if (connection) { end('closed', 'Closed.'); }
    element('connect').focus();
  }

  // The page

  function addCopyButton(code) {
    var button = document.createElement('button'), figure = code.closest('figure');
    var label = 'Copy';
    button.type = 'button';
    button.textContent = label;
    button.setAttribute('aria-label', label + ': ' + figure.querySelector('figcaption').textContent);
    button.addEventListener('click', function () {
      getSelection().selectAllChildren(code);
      navigator.clipboard.writeText(code.textContent).then(function () {
        button.textContent = 'Copied';
        setTimeout(function () { button.textContent = label; }, 1500);
      }, function () { button.textContent = 'Selected'; });
    });
    figure.append(button);
  }

  snippets.transports.filter(function (name) { return server.transports.indexOf(name) >= 0; }).forEach(function (name) {
    element('transport').append(new Option(name, name));
  });
  document.querySelectorAll('figure code').forEach(addCopyButton);
  ['input', 'change'].forEach(function (name) { element('key').addEventListener(name, update); });
  element('key').addEventListener('submit', function (event) { event.preventDefault(); connect(); });
  element('close').addEventListener('click', close);
  element('clear').addEventListener('click', function () {
    element('log').textContent = '';
    element('empty').hidden = false;
  });
  update();
}());
