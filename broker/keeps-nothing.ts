type Done = () => void

/**
 * In place of Aedes' topic tree and store. What controllers publish goes to `receive`, what they hear past the tree
 * (deliver.ts), and kept sessions, retained messages and QoS 2 are refused before either is asked (permissions.ts).
 * Those that come with Aedes work all the same: for each connection a branch of Maps in the tree, four messages to
 * nobody, and streams without an entry; and one frozen device fills the tree's window of 100 deliveries for all.
 */
export const noTopicTree = {
  on: (_topic: string, _hear: unknown, done?: Done) => done?.(),
  removeListener: (_topic: string, _hear: unknown, done?: Done) => done?.(),
  emit: (_packet: unknown, done: Done) => done(),
  close: (done: Done) => setImmediate(done),
}

/** Every method that Aedes calls for clean sessions and QoS 0 and 1; the others would be a mistake and are not here. */
export const noStore = {
  async setup() {},
  async cleanSubscriptions() {},
  subscriptionsByTopic: async () => [],
  async outgoingEnqueueCombi() {},
  async outgoingClearMessageId() {},
  // goes into a pipeline, which takes a list for less than an empty stream
  outgoingStream: () => [],
  createRetainedStreamCombi: () => ({ pipe() {} }),
  // of a PUBREL without its PUBLISH: it is answered with PUBCOMP
  async incomingGetPacket() {},
  // a will stays with its connection, which is where Aedes takes it from
  async putWill() {},
  async delWill() {},
  streamWill: () => [],
}
