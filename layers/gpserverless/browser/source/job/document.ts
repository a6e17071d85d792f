// The document of a job, as f=json answers it.

export interface Message {
  type: string;
  description: string;
}

/** Times are milliseconds since 1970-01-01 UTC. */
export interface Usage {
  submitted?: number;
  started?: number;
  ended?: number;
  seconds?: number;
  peakMegabytes?: number;
  dollars?: number;
}

export interface JobDocument {
  jobId: string;
  jobStatus: string;
  progress?: { message?: string; percent?: number };
  messages?: Message[];
  usage?: Usage;
}
