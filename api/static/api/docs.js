// Shows the API's description. A file of its own: the content security policy lets no
// inline script run.
const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: true,
  // A token that was typed here is forgotten with the page.
  persistAuthorization: false,
  validatorUrl: null,
});
