/* Optional. Entries made without a signal wait here, are counted, and are sent once with their own
   key. Nothing leaves this phone but what was saved, and nothing is thrown away without a question. */
(function () {
  'use strict';
  var live = document.getElementById('offline');
  if (!live || !window.indexedDB || !window.fetch || !window.Promise) return;
  var list = document.getElementById('waiting'), words = live.dataset, base = words.base || '';
  /* How long an answer may take; the first and the longest pause before what waits is tried again. */
  var SHELF = 'diary-1', WAIT = 15000, SOON = 2000, SELDOM = 300000;
  var isSignedOut = words.leave === undefined;
  var pause = SOON, timer = 0;
  var out = false, advice = '', asks = null, sent = '', said = '', busy = null, isNews = false;

  function store(mode, work) {
    return new Promise(function (resolve, reject) {
      var opening = indexedDB.open('diary', 1);
      opening.onupgradeneeded = function () {
        opening.result.createObjectStore('waiting', { keyPath: 'key' });
      };
      opening.onerror = reject;
      opening.onsuccess = function () {
        var change = opening.result.transaction('waiting', mode);
        var asked = work(change.objectStore('waiting'));
        change.oncomplete = function () { opening.result.close(); resolve(asked && asked.result); };
        change.onerror = change.onabort = reject;
      };
    });
  }
  function put(entry) {
    return store('readwrite', function (waiting) { return waiting.put(entry); });
  }
  function all() {
    return store('readonly', function (waiting) { return waiting.getAll(); });
  }
  function own() {
    return all().then(function (found) {
      return found.filter(function (one) { return base && one.path.indexOf(base) === 0; });
    });
  }
  function mine(entry) { return entry.whose === words.whose; }
  /* The entry leaves this phone, unless it was written anew meanwhile. */
  function drop(entry) {
    return store('readwrite', function (waiting) {
      var asked = waiting.get(entry.key);
      asked.onsuccess = function () {
        if (asked.result && asked.result.body === entry.body) waiting.delete(entry.key);
      };
      return asked;
    });
  }

  function part(name, text, look) {
    var made = document.createElement(name);
    made.textContent = text;
    if (look) made.className = look;
    return made;
  }
  /* One place speaks, and only when there is something new. */
  function say(text, link, look) {
    var whole = text + (link ? link[0] + link[1] : '');
    if (whole === said) return;
    said = whole;
    live.textContent = '';
    if (!text) return;
    var line = part('p', text, look || 'waiting');
    if (link) {
      var way = part('a', link[0]);
      way.href = link[1];
      line.append(' ', way);
    }
    live.append(line);
  }

  /* What waits, why it is not sent, and what to do about it; a warning answer leads to help. */
  function show() {
    return (isSignedOut ? all() : own()).then(function (found) {
      var stopped = found.filter(function (one) { return one.stopped; })[0];
      var help = base && found.some(function (one) { return one.warns; }) && [words.help, '/help'];
      if (!found.length) {
        if (advice) say(words.sent, [words.advice, advice], 'said');
        else if (sent) say(words.sent, [words.see, sent], 'said');
        else say('');
      } else if (out) {
        say(words.out, help || [words.signin, base]);
      } else if (base && stopped) {
        say(words[stopped.stopped] || words.refused, help || null);
      } else {
        say(found.length === 1 ? words.one : words.many.replace('{n}', found.length), help || null);
      }
      if (list) lay(found);
    });
  }

  var laid = '';
  function lay(found) {
    var now = found.map(function (one) { return one.key + one.stopped + one.body; }).join() + out;
    if (now === laid) return;
    laid = now;
    list.textContent = '';
    list.hidden = !found.length || !base;
    if (list.hidden) return;
    var box = part('details', '', 'card');
    box.open = found.some(function (one) { return one.stopped; });
    box.append(part('summary', words.list, 'linkrow'));
    found.forEach(function (one) { box.append(article(one)); });
    list.append(box);
  }
  function article(entry) {
    var box = part('div', '', 'stack kept'), rows = part('dl', '', 'sum'), acts = part('p', '', 'acts');
    box.append(part('h3', dayOf(entry.path)));
    if (entry.stopped) box.append(part('p', words[entry.stopped] || words.refused));
    (entry.words || []).forEach(function (row) {
      var pair = part('div', '');
      pair.append(part('dt', row[0]), part('dd', row[1]));
      rows.append(pair);
    });
    if (rows.firstChild) box.append(rows);
    if (entry.stopped) acts.append(button(words.open, function () { open(entry); }));
    if (mine(entry) || !entry.whose) acts.append(button(words.discard, function () {
      if (confirm(words.sure)) drop(entry).then(show);
    }));
    box.append(acts);
    return box;
  }
  function button(text, deed) {
    var made = part('button', text, 'btn ghost');
    made.type = 'button';
    made.onclick = deed;
    return made;
  }
  function dayOf(path) {
    var day = path.match(/(\d{4})-(\d\d)-(\d\d)$/);
    return day ? new Date(+day[1], day[2] - 1, +day[3]).toLocaleDateString(
      document.documentElement.lang, { weekday: 'long', day: 'numeric', month: 'long' }) : '';
  }

  /* A refused entry is sent like any form: the server's page keeps what was typed and says why. */
  function open(entry) {
    token().then(function (given) {
      var form = document.createElement('form'), body = new URLSearchParams(entry.body);
      body.set('csrf_token', given.token);
      form.method = 'post';
      form.action = entry.path;
      body.forEach(function (value, name) {
        var field = document.createElement('input');
        field.type = 'hidden';
        field.name = name;
        field.value = value;
        form.append(field);
      });
      remember(entry.key);
      document.body.append(form);
      form.submit();
    }).catch(function () { show(); if (out) location.assign(base); });
  }
  function token() {
    return fetch(base + 'token', { credentials: 'same-origin', headers: { Accept: 'application/json' } })
      .then(function (answer) {
        out = answer.redirected || answer.status === 401;
        return isSaved(answer) ? answer.json() : Promise.reject(answer);
      });
  }

  /* What was opened is settled by the page that follows the saving of its form, and by no other. */
  var OPENED = 'diary-opened';
  function remember(key) { try { sessionStorage.setItem(OPENED, key); } catch (error) { /* full */ } }
  function opened() {
    try { return sessionStorage.getItem(OPENED) || ''; } catch (error) { return ''; }
  }
  function settle() {
    var key = opened(), at = location.pathname;
    var isSaved = /\/(saved|advice)$/.test(at), day = at.replace(/\/(saved|advice)$/, '');
    if (!isSaved) {
      /* The form that came back is still open; any other page has left it. */
      return own().then(function (found) {
        var here = found.filter(function (one) { return one.key === key && one.path === at; })[0];
        if (!here) remember('');
      });
    }
    remember('');
    return own().then(function (found) {
      return Promise.all(found.filter(function (one) {
        return one.key === key && one.path === day;
      }).map(drop));
    });
  }
  function post(path, body) {
    var stop = new AbortController(), timer = setTimeout(function () { stop.abort(); }, WAIT);
    return fetch(path, {
      method: 'POST', body: body, signal: stop.signal, credentials: 'same-origin',
      headers: { Accept: 'application/json' }
    }).finally(function () { clearTimeout(timer); });
  }
  function isJson(answer) { return (answer.headers.get('Content-Type') || '').indexOf('json') > 0; }
  function isSaved(answer) {
    return answer.status === 201 || answer.status === 200 && isJson(answer);
  }

  /* Whether what was answered may need a call: the form says what asks for one. Without the server
     every doubt counts: so does any warning answer. */
  function asksForHelp(form, body) {
    var help = form.dataset.asks && JSON.parse(form.dataset.asks);
    if (!help || body.get('signs') === 'some' || form.querySelector('.e1:checked')) return true;
    /* Digits at full width are those of the server too. */
    function number(name) {
      return parseFloat((body.get(name) || '').replace(/[０-９．，＋－]/g, function (wide) {
        return String.fromCharCode(wide.charCodeAt(0) - 0xFEE0);
      }).replace(',', '.'));
    }
    function names(of, holds) { return Object.keys(of).some(holds); }
    /* Where there is none of it, nothing is marked. */
    function marked(name) {
      var score = { numbness_zones: 'numbness', limb_pain_side: 'limb_pain' }[name];
      return score && body.get(score) === '0' ? [] : body.getAll(name);
    }
    function isBoth(name) {
      return marked(name).indexOf('both') >= 0 || ['left_', 'right_'].every(function (side) {
        return marked(name).some(function (zone) { return zone.indexOf(side) === 0; });
      });
    }
    return names(help.lowest, function (name) { return number(name) >= help.lowest[name]; })
      || names(help.severe, function (name) {
        return number(name) >= help.severe[name] && body.get('stays-' + name) !== 'no';
      })
      || names(help.words, function (name) {
        return help.words[name].some(function (word) { return marked(name).indexOf(word) >= 0; });
      })
      || help.both.some(isBoth)
      || names(help.bothNumb || {}, function (name) {
        var numb = number('numbness'), unsaid = name === 'numbness_zones' && isNaN(numb);
        return isBoth(name) && (unsaid || numb >= help.bothNumb[name]);
      })
      || (help.fever || []).some(function (unit) {
        var degrees = number('temperature_c');
        return degrees >= unit[0] && (unit[1] === null || degrees <= unit[1]);
      });
  }

  /* The answers in the words of the form, to be read while they wait. */
  function written(form) {
    var rows = [];
    form.querySelectorAll('fieldset, .field').forEach(function (box) {
      var name = box.querySelector(':scope > legend, :scope > label'), answers = [];
      box.querySelectorAll('input, textarea').forEach(function (one) {
        if (one.closest('fieldset, .field') !== box) return;
        var label = one.labels && one.labels[0];
        if (/^(radio|checkbox)$/.test(one.type)) {
          if (one.checked && label) answers.push(label.textContent.trim());
        } else if (one.type !== 'hidden' && one.value.trim()) answers.push(one.value.trim());
      });
      if (!name || !answers.length) return;
      name = name.cloneNode(true);
      name.querySelectorAll('.n, .when').forEach(function (extra) { extra.remove(); });
      rows.push([name.textContent.trim(), answers.join('; ')]);
    });
    return rows;
  }

  /* Sends a form; 'kept' when there is no signal and the entry now waits on this phone. */
  function send(form) {
    var path = new URL(form.action).pathname, body = new URLSearchParams(new FormData(form));
    return post(path, body).then(function (answer) {
      if (!isSaved(answer)) { form.submit(); return 'asked'; }
      return answer.json().then(function (saved) { location.assign(saved.next); return 'sent'; });
    }, function () {
      return keep(form, path, body).then(function () { return 'kept'; }, function () {
        form.submit();
        return 'asked';
      });
    });
  }
  function keep(form, path, body) {
    body.set('source', 'offline');
    body.set('phone_zone', Intl.DateTimeFormat().resolvedOptions().timeZone || '');
    return put({
      key: body.get('key'), path: path, body: body.toString(), at: Date.now(),
      warns: asksForHelp(form, body), words: written(form), whose: words.whose
    }).then(function () {
      note(form, words.keeps, 'waiting');
      noteDays(path.slice(-10));
      form.dataset.kept = body.get('key');
      sent = '';
      pause = SOON;
      tryLater();
      return show();
    });
  }
  /* Beside the button, for the eye; the place at the top speaks. */
  function note(form, text, look) {
    var count = form.querySelector('.save [data-words]');
    count.className = look;
    count.textContent = text;
  }

  /* One after another, what may be urgent first; whatever is not clearly saved stays. */
  function flush() {
    if (!base) return show();
    busy = busy || attempt().catch(function () { }).then(show).then(leadOn).then(anew).finally(function () {
      busy = null;
      tryLater();
    });
    return busy;
  }
  /* Not every browser says when the signal is back, or says it rightly: what waits is just tried. */
  function tryLater() {
    clearTimeout(timer);
    return own().then(function (found) {
      if (!found.some(function (one) { return !one.stopped; })) { pause = SOON; return; }
      timer = setTimeout(flush, pause);
      pause = Math.min(2 * pause, SELDOM);
    }).catch(function () { });
  }
  function tryNow() {
    pause = SOON;
    flush();
  }
  function attempt() {
    return own().then(function (found) {
      if (!found.length) return null;
      found.sort(function (a, b) { return (b.warns ? 1 : 0) - (a.warns ? 1 : 0) || (a.at || 0) - (b.at || 0); });
      return token().then(function (given) {
        return found.reduce(function (before, entry) {
          return before.then(function () { return again(entry, given.token); });
        }, Promise.resolve());
      });
    });
  }
  function again(entry, token) {
    var body = new URLSearchParams(entry.body);
    body.set('csrf_token', token);
    return post(entry.path, body).then(function (answer) {
      if (isSaved(answer)) {
        return answer.json().then(function (saved) { arrived(entry, saved.next); return drop(entry); });
      }
      if (answer.redirected || answer.status === 401) { out = true; return Promise.reject(answer); }
      /* What the server fails on must not hold up the days behind it: one may be an emergency. */
      if (answer.status > 499 || answer.status === 429 || answer.status < 400) return null;
      entry.stopped = { 409: 'two', 422: 'check' }[answer.status] || 'refused';
      return put(entry).then(function () {
        return answer.status === 409 && isJson(answer) ? answer.json() : null;
      }).then(function (saved) {
        if (saved && /\/advice$/.test(saved.next) && !entry.led) { advice = saved.next; asks = entry; }
      });
    });
  }
  function arrived(entry, next) {
    if (/\/advice$/.test(next)) advice = next;
    sent = next;
    isNews = true;
    document.querySelectorAll('form.day').forEach(function (form) {
      if (form.dataset.kept === entry.key) note(form, words.sent, 'count-sent');
    });
  }
  /* What waited asks for help now: its page is opened, unless somebody is writing another day; only
     once by an entry that goes on waiting, or no page would stay on the screen. */
  function leadOn() {
    var form = document.querySelector('form.day');
    if (!advice || form && !form.dataset.kept && form.dataset.touched) return null;
    function go() { if (location.pathname !== advice) location.assign(advice); }
    if (!asks) return go();
    asks.led = true;
    return put(asks).then(go, go);
  }

  /* The home page says which days are done: it is loaded once more after what it did not know of,
     unless somebody has begun to write on it. */
  var SENT = 'diary-sent';
  function anew() {
    if (!isNews || advice || location.pathname !== base) return;
    isNews = false;
    if (document.querySelector('form.day, main details[open]')) return;
    try { sessionStorage.setItem(SENT, sent); } catch (error) { return; }
    location.reload();
  }
  try {
    sent = sessionStorage.getItem(SENT) || '';
    sessionStorage.removeItem(SENT);
  } catch (error) { /* forbidden */ }

  /* The days that are written, by date alone, so that a blank form can say so without a signal. */
  var WRITTEN = 'diary-written';
  function writtenDays() {
    try { return (JSON.parse(localStorage.getItem(WRITTEN)) || {})[base] || []; } catch (error) { return []; }
  }
  function noteDays(day) {
    if (!base || words.written === undefined && !day) return;
    var days = day ? [day] : words.written.split(' ').filter(Boolean), kept = {};
    if (day || words.whole !== 'yes') days = days.concat(writtenDays());
    kept[base] = days.slice(0, 30);
    try { localStorage.setItem(WRITTEN, JSON.stringify(kept)); } catch (error) { /* full or forbidden */ }
  }

  /* Signing out leaves nothing of its owner behind here, after asking; pressed twice it is done once.
     What somebody else wrote, in the same diary too, waits on. */
  var isLeaving = false;
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!form.action || !/sign-out/.test(form.action)) return;
    event.preventDefault();
    if (isLeaving) return;
    isLeaving = true;
    own().catch(function () { return []; }).then(function (found) {
      if (found.some(mine) && !confirm(words.leave)) { isLeaving = false; return null; }
      return settled([window.leaving && window.leaving(form)]).then(clear)
        .then(function () { form.submit(); });
    });
  });
  window.addEventListener('pageshow', function () { isLeaving = false; });
  /* Last of all: what is being sent may still put something back. */
  function clear() {
    try { localStorage.clear(); sessionStorage.clear(); } catch (error) { /* forbidden */ }
    var cleared = own().then(function (found) { return Promise.all(found.filter(mine).map(drop)); });
    return settled([cleared, window.caches ? caches.delete(SHELF) : null]);
  }
  function settled(tasks) {
    return Promise.all(tasks.map(function (task) {
      return Promise.resolve(task).catch(function () { });
    }));
  }

  /* The form of whoever used this phone before, whose sign-in only ran out. */
  function strange(kept) {
    var path = new URL(kept.url).pathname;
    return /^\/p\//.test(path) && path.indexOf(base) !== 0 ? kept : null;
  }

  window.diary = { send: send, flush: flush, waiting: own, writtenDays: writtenDays };
  window.addEventListener('online', tryNow);
  document.addEventListener('visibilitychange', function () { if (!document.hidden) tryNow(); });
  noteDays();
  settle().then(flush, flush);
  if (navigator.serviceWorker && window.caches && words.shelf) {
    navigator.serviceWorker.register('/service-worker.js').catch(function () { });
    caches.open(SHELF).then(function (shelf) {
      return shelf.keys().then(function (kept) {
        return Promise.all(kept.map(strange).filter(Boolean).map(function (form) {
          return shelf.delete(form);
        }));
      }).then(function () { return shelf.addAll(words.shelf.split(' ')); });
    }).catch(function () { });
  }
})();
