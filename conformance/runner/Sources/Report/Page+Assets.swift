extension Page {
    static let style = """
        body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; color: #222; background: #fff }
        table { border-collapse: collapse; margin: 1rem 0 }
        th, td { border: 1px solid #ccc; padding: .15rem .5rem; text-align: left; vertical-align: top }
        thead th { background: #eee; position: sticky; top: 0 }
        .passed { color: #064 } .failed { color: #a00; font-weight: bold } .known { color: #850 }
        .skipped, .none, .exempt { color: #666 } .open { color: #a00 }
        details { border-top: 1px solid #ccc; padding: .3rem 0 } summary { cursor: pointer }
        code, pre { font: 13px/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere }
        pre { background: #f4f4f4; padding: .5rem } blockquote { border-left: 3px solid #999; padding-left: 1rem }
        dt { float: left; clear: left; width: 6em; font-weight: bold } dd { margin-left: 6.5em }
        form { display: flex; gap: .5rem; flex-wrap: wrap; align-items: center }
        """

    static let script = """
        const get = (id) => document.getElementById(id);
        const filter = () => {
          const text = get('text').value.toLowerCase();
          const [page, level, outcome] = ['page', 'level', 'outcome'].map((id) => get(id).value);
          let shown = 0;
          for (const row of document.querySelectorAll('#matrix tbody tr')) {
            const words = (row.textContent + ' ' + row.firstChild.title).toLowerCase();
            const fits = words.includes(text) && (!page || row.dataset.page === page)
              && (!level || row.dataset.level === level)
              && (!outcome || row.dataset.outcome.split(' ').includes(outcome));
            row.hidden = !fits;
            if (fits) { shown += 1; }
          }
          get('shown').textContent = shown + ' rows';
        };
        const reveal = () => {
          const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
          if (target) { target.open = true; target.scrollIntoView(); }
        };
        document.querySelector('form').addEventListener('input', filter);
        document.querySelector('form').addEventListener('submit', (event) => event.preventDefault());
        addEventListener('hashchange', reveal);
        filter();
        reveal();
        """
}
