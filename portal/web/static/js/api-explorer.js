// Swagger UI over our own schema. Nothing is validated or fetched elsewhere (validatorUrl), no code is inline.
const place = document.getElementById("explorer");
window.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  supportedSubmitMethods: ["get"],
  presets: [window.SwaggerUIBundle.presets.apis],
});
