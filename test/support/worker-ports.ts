// Where Workers listen that this process started: what tells their answers from those of the world.

export const workerPorts = new Set<number>()
