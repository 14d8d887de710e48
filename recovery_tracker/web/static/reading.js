/* Optional. While a long file is read, this page says how far; without it a link does. */
(function () {
  'use strict';
  var bar = document.getElementById('reading'), told = document.getElementById('far');
  if (!bar || !window.fetch || !window.DOMParser) return;
  function ask() {
    fetch(location.href, { credentials: 'same-origin' }).then(function (answer) {
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, 'text/html');
      var next = page.getElementById('reading');
      if (!next) { location.reload(); return; }
      bar.value = next.value;
      /* Read aloud, so only when it is another number. */
      var words = page.getElementById('far').textContent;
      if (told.textContent !== words) told.textContent = words;
      setTimeout(ask, 2000);
    }).catch(function () { setTimeout(ask, 5000); });
  }
  setTimeout(ask, 1000);
})();
