// soap of npm: makes its methods from the description, and objects from what comes back.
import assert from "node:assert/strict";
import { test } from "node:test";

import soap from "soap";

import { SITE } from "./site.mjs";

const SERVICES = `${SITE}/arcgis/services`;
const ASYNC = "Conformance/Async";
const clients = new Map();

/** The client of a service, "" for the catalogue. */
async function client(service) {
  const address = service ? `${SERVICES}/${service}/GPServer` : SERVICES;
  if (!clients.has(service)) clients.set(service, await soap.createClientAsync(`${address}?wsdl`));
  return clients.get(service);
}

/** The response of an operation. */
async function call(service, operation, input = {}) {
  const [answer] = await (await client(service))[`${operation}Async`](input);
  return answer;
}

/** A value of a type of the description. */
const typed = (type, members) => ({ attributes: { "xsi:type": `tns:${type}` }, ...members });

/** The same members as an answer: attributes are no members. */
const typeOf = (value) => value.attributes["xsi:type"].split(":").pop();

const faultOf = (error) => error.root.Envelope.Body.Fault;

test("the catalogue", async () => {
  assert.equal((await call("", "GetMessageVersion")).MessageVersion, "esriArcGISVersion108");
  assert.equal((await call("", "GetMessageFormats")).MessageFormats, "esriServiceCatalogMessageFormatSoap");
  assert.equal((await call("", "RequiresTokens")).Result, true);
  assert.equal((await call("", "GetTokenServiceURL")).TokenServiceURL, `${SITE}/arcgis/tokens/generateToken`);
  assert.ok((await call("", "GetFolders")).FolderNames.String.includes("Conformance"));
  const { ServiceDescriptions } = await call("", "GetServiceDescriptionsEx", { FolderName: "Conformance" });
  assert.deepEqual(ServiceDescriptions.ServiceDescription.map((each) => each.Name), ["Conformance/Async", "Conformance/Sync"]);
});

for (const service of ["Samples", "Analysis", "Conformance/Sync"]) {
  test(`the tools of ${service}`, async () => {
    const names = (await call(service, "GetToolNames")).Result.String;
    const infos = (await call(service, "GetToolInfos")).Result.GPToolInfo;
    assert.deepEqual([infos].flat().map((info) => info.Name), [names].flat());
    for (const info of [infos].flat()) {
      for (const parameter of info.ParameterInfo.GPParameterInfo) assert.match(typeOf(parameter.Value), /^GP/);
    }
  });
}

const NUMBERS = { IsNullable: true, Length: 0, Precision: 0, Scale: 0 };
const POINTS = typed("GPFeatureRecordSetLayer", {
  RecordSet: {
    Fields: {
      FieldArray: {
        Field: [
          {
            Name: "Shape", Type: "esriFieldTypeGeometry", ...NUMBERS,
            GeometryDef: {
              AvgNumPoints: 0, GeometryType: "esriGeometryPoint", HasM: false, HasZ: false,
              SpatialReference: typed("GeographicCoordinateSystem", { WKID: 4326 }),
            },
          },
          { Name: "NAME", Type: "esriFieldTypeString", ...NUMBERS },
        ],
      },
    },
    Records: {
      Record: [{ Values: { Value: [typed("PointN", { X: 11.5, Y: 48.1 }), { $value: "Straße & <Hof>" }] } }],
    },
  },
  ShapeFieldName: "Shape",
});

test("execute buffers points", async () => {
  const distance = typed("GPLinearUnit", { Value: 2.5, Units: "esriKilometers" });
  const input = { ToolName: "BufferPoints", Values: { GPValue: [POINTS, distance] } };
  const { Result } = await call("Samples", "Execute", input);
  const zones = [Result.Values.GPValue].flat()[0];
  const names = zones.RecordSet.Fields.FieldArray.Field.map((field) => field.Name);
  const cells = [zones.RecordSet.Records.Record].flat()[0].Values.Value;
  const text = cells[names.indexOf("NAME")];
  assert.equal(text.$value ?? text, "Straße & <Hof>");
  const points = [cells[names.indexOf(zones.ShapeFieldName)].RingArray.Ring].flat()[0].PointArray.Point;
  const top = Math.max(...points.map((point) => Number(point.Y)));
  assert.ok(Math.abs(top - 48.1 - 2.5 / 111.2) < 0.001, String(top));
});

const submit = async (seconds) => {
  const input = { ToolName: "Sleep", Values: { GPValue: [typed("GPDouble", { Value: seconds })] } };
  return { JobID: (await call(ASYNC, "SubmitJob", input)).Result };
};

async function wait(job, until) {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const { Result } = await call(ASYNC, "GetJobStatus", job);
    if (Result === until) return;
    assert.ok(["esriJobSubmitted", "esriJobExecuting", "esriJobCancelling"].includes(Result), Result);
    assert.ok(Date.now() < deadline);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("the life of a job", async () => {
  const job = await submit(0.25);
  await wait(job, "esriJobSucceeded");
  assert.equal((await call(ASYNC, "GetJobToolName", job)).Result, "Sleep");
  const messages = (await call(ASYNC, "GetJobMessages", job)).Result.JobMessage;
  assert.equal(messages[0].MessageDesc, "Submitted.");
  const result = (await call(ASYNC, "GetJobResult", job)).Result;
  assert.ok([result.Values.GPValue].flat()[0].Value >= 0.25);
  const inputs = (await call(ASYNC, "GetJobInputValues", job)).Result;
  assert.equal(Number([inputs.GPValue].flat()[0].Value), 0.25);
});

test("a job that is cancelled", async () => {
  const job = await submit(60);
  await wait(job, "esriJobExecuting");
  await call(ASYNC, "CancelJob", job);
  await wait(job, "esriJobCancelled");
  await assert.rejects(call(ASYNC, "GetJobResult", job), (error) => /The job was cancelled/.test(faultOf(error).faultstring));
});

test("a wrong argument is a fault", async () => {
  await assert.rejects(call("Samples", "GetToolInfo", { ToolName: "Nothing" }), (error) => {
    const { faultcode, faultstring } = faultOf(error);
    return faultcode === "s:Client" && faultstring.startsWith("Task 'Nothing' not found");
  });
});
