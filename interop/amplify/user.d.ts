/** For the apps' own code: what is generated needs no types of Node. */
declare const process: { env: Record<string, string | undefined> };
