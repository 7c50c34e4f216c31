import type { Arguments, CallName, FromWorker, Part, Result, ToWorker } from '../shared/protocol.js';
import type { LabEvent } from '../shared/training.js';

/** The name of the error that rejects the calls of a lost worker. */
export const LOST = 'WorkerLost';

/** An error thrown by the engine, with its message. */
export class EngineError extends Error {
  constructor(
    override readonly name: string,
    message: string,
  ) {
    super(message);
  }
}

/** A pending call: a promise that can be given up. */
export interface Pending<T> extends Promise<T> {
  /** Milliseconds for which the engine did nothing else, once it has answered. */
  took(): number;
  /** The engine stops at its next turn; the promise never settles. */
  cancel(): void;
  /** The engine stops a call that yields parts at its next turn. Those that it has sent still arrive, then it resolves. */
  stop(): void;
}

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onPart: ((part: never) => void) | undefined;
  took: number;
}

export interface EngineListener {
  readonly onEvent: (event: LabEvent) => void;
  /** The worker is lost; pending calls are rejected with the reason. */
  readonly onLost: (reason: string) => void;
}

/** The engine as the window sees it: calls to its worker. */
export class Engine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listener: EngineListener;
  #last = 0;

  constructor(listener: EngineListener) {
    this.#listener = listener;
    this.#worker = new Worker(new URL('../worker/main.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => this.#lose(event.message || 'the worker could not be started');
    this.#worker.onmessageerror = () => this.#lose('a message of the worker could not be read');
  }

  /** @param onPart receives what a call that is a generator yields */
  call<K extends CallName>(
    name: K,
    args: Arguments<K>,
    onPart?: (part: Part<K>) => void,
  ): Pending<Result<K>> {
    const id = ++this.#last;
    const promise = new Promise<Result<K>>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, onPart, took: 0 });
    });
    const waiting = this.#waiting.get(id);
    this.#send({ kind: 'call', id, name, args });
    const stop = (): void => {
      if (this.#waiting.has(id)) this.#send({ kind: 'cancel', id });
    };
    const cancel = (): void => {
      stop();
      this.#waiting.delete(id);
    };
    return Object.assign(promise, { cancel, stop, took: () => waiting?.took ?? 0 });
  }

  /** Terminates the worker; pending calls are rejected. */
  close(): void {
    this.#end('the engine was started anew');
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'event') {
      this.#listener.onEvent(message.event);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (waiting === undefined) return;
    if (message.kind === 'part') {
      waiting.onPart?.(message.value as never);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'result') {
      waiting.took = message.took;
      waiting.resolve(message.value as never);
    } else waiting.reject(new EngineError(message.name, message.message));
  }

  #lose(reason: string): void {
    this.#end(reason);
    this.#listener.onLost(reason);
  }

  #end(reason: string): void {
    this.#worker.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new EngineError(LOST, reason));
  }
}
