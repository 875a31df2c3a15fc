/** The module that workerd starts. Nothing may set a timer or draw a random number before a request has come. */

// biome-ignore lint/style/noDefaultExport: workerd looks for the handlers there
export default {
  /** One request a file: what a file leaves behind, its timers for example, ends with it. */
  fetch: async (request: Request): Promise<Response> => {
    const { runFile } = await import('./run-file.js');
    return Response.json(await runFile(await request.text()));
  },
};
