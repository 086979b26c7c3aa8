"use strict";
(() => {
  // Named one by one: later versions of Plotly add buttons, some of which talk to a server.
  const buttons = ["toImage", "zoom2d", "pan2d", "resetScale2d"];
  const settings = (element) => ({
    responsive: true,
    displaylogo: false,
    displayModeBar: element.clientWidth < 250 ? false : "hover",
    modeBarButtons: [buttons],
    toImageButtonOptions: { format: "svg", filename: element.dataset.figure },
  });
  const plots = [...document.querySelectorAll(".plots > div")];
  const draw = plots.map((element) => {
    const figure = JSON.parse(document.getElementById(element.dataset.figure).textContent);
    return () => Plotly.newPlot(element, figure.data, figure.layout, settings(element));
  });
  document.documentElement.classList.add("interactive");
  draw.forEach((each) => each());

  for (const box of document.querySelectorAll("input[data-side]")) {
    box.addEventListener("change", () => {
      const scope = box.closest("section").querySelectorAll(".plots > div");
      for (const element of scope) {
        const own = element.data.flatMap((trace, index) => trace.legendgroup === box.dataset.side ? [index] : []);
        if (own.length) Plotly.restyle(element, { visible: box.checked }, own);
      }
    });
  }

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details.print")) details.open = true;
  });

  const save = (href, name) => Object.assign(document.createElement("a"), { href, download: name }).click();
  for (const button of document.querySelectorAll("button[data-save]")) {
    button.addEventListener("click", () => {
      const image = button.closest("figure").querySelector("img");
      const name = image.dataset.name;
      if (button.dataset.save === "svg") { save(image.src, `${name}.svg`); return; }
      const picture = new Image();
      picture.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = 3 * picture.naturalWidth;
        canvas.height = 3 * picture.naturalHeight;
        const pen = canvas.getContext("2d");
        pen.fillStyle = "#fff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
        save(canvas.toDataURL("image/png"), `${name}.png`);
      };
      picture.src = image.src;
    });
  }
})();
