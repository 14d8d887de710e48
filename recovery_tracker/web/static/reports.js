/* Optional. Today's reports arrive as one file; while they do, this counts them. */
(function () {
  'use strict';
  var form = document.querySelector('form[data-reports]');
  if (!form || !window.fetch || !window.ReadableStream) return;
  var count = Number(form.dataset.reports), button = form.querySelector('button');
  var bar = form.querySelector('progress'), told = form.querySelector('output');

  function show(done) {
    bar.value = done;
    told.textContent = form.dataset.progress.replace('{done}', done).replace('{count}', count);
  }
  /* Every file of the archive is announced by its own name, which is a number. */
  function read(reader, parts, tail) {
    return reader.read().then(function (next) {
      if (next.done) return new Blob(parts, { type: 'application/zip' });
      parts.push(next.value);
      tail += Array.prototype.reduce.call(next.value, function (text, byte) {
        return byte < 128 ? text + String.fromCharCode(byte) : text + ' ';
      }, '');
      var names = tail.match(/report-\d+\.pdf/g);
      /* The list at the end of the archive names them all again. */
      if (names) show(Math.max(bar.value, Number(names[names.length - 1].match(/\d+/)[0])));
      return read(reader, parts, tail.slice(-20));
    });
  }
  function save(file, name) {
    var link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = name;
    link.click();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    button.disabled = true;
    bar.hidden = false;
    show(0);
    fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) })
      .then(function (answer) {
        var type = answer.headers.get('Content-Type') || '';
        if (!answer.ok || type.indexOf('zip') < 0) return Promise.reject(answer);
        var name = (answer.headers.get('Content-Disposition').match(/filename="(.+)"/) || [])[1];
        return read(answer.body.getReader(), [], '').then(function (file) {
          show(count);
          save(file, name);
        });
      })
      .catch(function () { told.textContent = form.dataset.failed; })
      .then(function () { button.disabled = false; bar.hidden = true; });
  });
})();
