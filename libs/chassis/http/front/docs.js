// validatorUrl: the badge would send the document to a validator elsewhere
SwaggerUIBundle({ url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
