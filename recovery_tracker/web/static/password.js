/* Fingers that feel little mistype: what a field for a password holds can be shown. */
(function () {
  'use strict';
  document.querySelectorAll('input[data-show]').forEach(function (field) {
    var line = document.createElement('p'), box = document.createElement('input');
    var words = document.createElement('label');
    line.className = 'shows';
    box.type = 'checkbox';
    box.id = field.id + '-shown';
    words.htmlFor = box.id;
    words.textContent = field.dataset.show;
    box.onchange = function () { field.type = box.checked ? 'text' : 'password'; };
    /* Shown, it is no word to be corrected, and no browser keeps it among what was typed. */
    field.spellcheck = false;
    field.autocapitalize = 'none';
    field.form.addEventListener('submit', function () { box.checked = false; box.onchange(); });
    line.append(box, words);
    field.after(line);
  });
})();
