import { attach_iframe, connect, Connection, create_xhr } from "./orbited.js";
import { here } from "./world.js";

/** @type {any} */ (here).Orbited = { Connection, connect, create_xhr, attach_iframe };
