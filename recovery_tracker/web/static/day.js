/* Optional. The form of a day: clear an answer, turn a leaf, keep a half-filled form on this phone. */
(function () {
  'use strict';
  var form = document.querySelector('form.day');
  if (!form) return;
  var words = form.dataset, fields = form.elements, sent = false;
  var save = form.querySelector('#save'), saveText = save.textContent, title = document.title;

  function two(n) { return (n < 10 ? '0' : '') + n; }
  function iso(day) { return day.getFullYear() + '-' + two(day.getMonth() + 1) + '-' + two(day.getDate()); }
  function say(day) {
    return day.toLocaleDateString(document.documentElement.lang,
      { weekday: 'long', day: 'numeric', month: 'long' });
  }
  function newKey() {
    return window.crypto.randomUUID ? crypto.randomUUID()
      : '00000000-0000-4000-8000-000000000000'.replace(/0/g, function () {
        return (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16);
      });
  }

  /* The form written without a signal is for the day it is on this phone; between midnight and four
     in the morning yesterday comes first, if it is not written yet. */
  var UNTIL = 4;
  function anyDay() {
    var now = new Date(), yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
    var written = window.diary ? window.diary.writtenDays() : [];
    var other = document.getElementById('other-day'), line = document.getElementById('day-line');
    function choose(day, instead) {
      form.action = form.action.replace(/\d{4}-\d\d-\d\d$/, iso(day));
      fields.expected_version.value = '0';
      fields.key.value = newKey();
      if (line) line.textContent = say(day);
      document.getElementById('written').hidden = written.indexOf(iso(day)) < 0;
      document.querySelector('h1').textContent = day === now ? words.today : say(day);
      save.textContent = saveText = day === now ? words.saveToday : words.saveDay;
      other.textContent = other.dataset.text.replace('{day}', say(instead));
      other.onclick = function () { choose(instead, day); };
      other.hidden = false;
    }
    fields.opened_at.value = now.toISOString();
    var isNight = now.getHours() < UNTIL && written.indexOf(iso(yesterday)) < 0;
    choose(isNight ? yesterday : now, isNight ? now : yesterday);
  }
  if ('anyDay' in words) anyDay();

  /* One press, one sending; the key in the form makes a second one harmless anyway. */
  form.addEventListener('submit', function (event) {
    if (sent) { event.preventDefault(); return; }
    /* One question at a time: Enter on an answer turns the leaf instead of sending. */
    if (!save.offsetParent) {
      event.preventDefault();
      Array.prototype.find.call(form.querySelectorAll('.next'), function (link) {
        return link.offsetParent;
      }).click();
      return;
    }
    sent = true;
    save.textContent = words.saving;
    if (!window.diary || !window.fetch) { forget(); return; }
    event.preventDefault();
    window.diary.send(form).then(function (done) {
      forget();
      if (done === 'kept') ready();
    });
  });
  function ready() { sent = false; save.textContent = saveText; }
  window.addEventListener('pageshow', ready);

  function clear(input) {
    if (!input.checked) return;
    input.checked = false;
    input.dispatchEvent(new Event('change', { bubbles: true }));
  }

  /* An answer is taken back by a second press on it, or by the button of its question. */
  form.addEventListener('mousedown', function (event) {
    var option = event.target.closest('.opt');
    var input = option && option.querySelector('input[type=radio]');
    if (input) input.dataset.was = input.checked ? '1' : '';
  });
  form.addEventListener('click', function (event) {
    var input = event.target;
    if (input.type === 'radio' && input.name !== 'signs' && input.dataset.was === '1') {
      input.dataset.was = '';
      clear(input);
    }
  });
  form.querySelectorAll('.q:not(.signs-q):not(.recheck)').forEach(function (question) {
    var button = document.createElement('button'), legend = question.querySelector('legend');
    var name = document.createElement('span');
    name.className = 'vh';
    name.textContent = ' ' + legend.lastChild.textContent.trim();
    button.type = 'button';
    button.className = 'plain clear';
    button.append(words.clear, name);
    button.onclick = function () {
      question.querySelectorAll('input:checked').forEach(clear);
      question.querySelector('input').focus();
    };
    question.append(button);
  });

  /* "None of these" and a tick never stand together; a closed follow-up keeps no answer. */
  form.addEventListener('change', function (event) {
    var input = event.target;
    if (input.id === 'signs-none' && input.checked) {
      form.querySelectorAll('.which input').forEach(clear);
    }
    if (input.value === '0' && input.checked && /^(limb_pain|numbness)$/.test(input.name)) {
      document.getElementById(input.name).querySelectorAll('.some-only input').forEach(clear);
    }
    if (input.type === 'checkbox') {
      if (input.name === 'line' && !input.checked) {
        input.closest('.line').querySelectorAll('.under input').forEach(clear);
      }
      var group = form.querySelectorAll('input[type=checkbox][name="' + input.name + '"]');
      if (input.checked && (/^follow-/.test(input.name) || input.name === 'recheck')) {
        group.forEach(function (other) {
          if ((input.value === 'none') !== (other.value === 'none')) clear(other);
        });
      }
    }
    keepDraft();
  });
  form.addEventListener('input', keepDraft);

  /* One question at a time: the question that has come is where the reader is. */
  window.addEventListener('hashchange', function () {
    var target = document.querySelector(':target'), one = document.getElementById('one');
    if (!target || !one || !one.checked || !form.contains(target)) return;
    var leaf = target.closest('.leaf'), head = leaf && leaf.querySelector('legend, h2');
    if (!head) return;
    head.tabIndex = -1;
    head.focus();
    var number = head.querySelector('.n'), said = head.textContent.trim();
    if (number) said = number.textContent + ': ' + said.slice(number.textContent.length).trim();
    document.title = said + ' – ' + title;
  });

  /* A half-filled form outlives a reload, on this phone alone, for a day. */
  var DRAFT = 'diary-draft', DAY = 864e5;
  function place() { return location.pathname.replace(/\/offline$/, '') + fields.expected_version.value; }
  function keepDraft() {
    words.touched = '1';
    if (sent || !('draft' in words) || 'anyDay' in words) return;
    var typed = [];
    new FormData(form).forEach(function (value, name) {
      if (!isOwn(name)) typed.push([name, value]);
    });
    try {
      localStorage.setItem(DRAFT, JSON.stringify({
        place: place(), at: Date.now(), typed: typed, own: ownQuestion(), whose: words.draft
      }));
    } catch (error) { /* full or forbidden: nothing is promised */ }
  }
  /* The words of the person's own question: an answer to other words is not filled in. */
  function ownQuestion() { return fields.own_question ? fields.own_question.value : ''; }
  function isOwn(name) {
    var field = fields[name];
    return !!field && field.type === 'hidden' || name === 'one_at_a_time';
  }
  function forget() { try { localStorage.removeItem(DRAFT); } catch (error) { /* forbidden */ } }
  function fill() {
    var kept, back = document.getElementById('draft');
    try { kept = JSON.parse(localStorage.getItem(DRAFT)); } catch (error) { return; }
    if (!kept || !back || kept.place !== place() || Date.now() - kept.at > DAY) return;
    /* A carer's form of the same day is another person's; one that says of nobody is the patient's. */
    if (kept.whose ? kept.whose !== words.draft : 'carer' in words) return;
    /* After "same as yesterday" what was chosen by hand before goes on top. */
    if (!('same' in words)) {
      form.querySelectorAll('input:checked:not(#one)').forEach(function (one) { one.checked = false; });
    }
    kept.typed.forEach(function (pair) {
      if (pair[0] === 'own_item' && kept.own !== ownQuestion()) return;
      form.querySelectorAll('[name="' + CSS.escape(pair[0]) + '"]').forEach(function (one) {
        if (one.type !== 'radio' && one.type !== 'checkbox') one.value = pair[1];
        else if (one.value === pair[1]) one.checked = true;
      });
    });
    words.touched = '1';
    back.hidden = false;
    back.querySelector('button').onclick = function () { forget(); location.reload(); };
  }
  if ('draft' in words && !('anyDay' in words)) fill();
})();
