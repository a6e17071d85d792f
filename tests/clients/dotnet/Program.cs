// A proxy of .NET, as wsdl.exe makes it from the descriptions, runs everything that a client does with a service.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Web.Services.Protocols;
using Sync = SyncProxy;
using Jobs = JobsProxy;
using Samples = SamplesProxy;

static class Program
{
    static string services;
    static int failed;

    static int Main(string[] arguments)
    {
        services = arguments[0] + "/arcgis/services";
        var tests = new Dictionary<string, Action>
        {
            ["the catalogue"] = ListServices,
            ["the tools are described"] = DescribeTools,
            ["execute buffers points"] = BufferPoints,
            ["nulls keep the places of the other values"] = SendNulls,
            ["what a proxy sends for unset values is not given"] = SendZeros,
            ["the life of a job"] = FollowJob,
            ["a job that is cancelled"] = CancelJob,
            ["a wrong argument is a fault of the body"] = ReadFault,
            ["an unknown service is a fault"] = AskNobody,
        };
        foreach (var test in tests) Run(test.Key, test.Value);
        Console.WriteLine("{0} passed, {1} failed", tests.Count - failed, failed);
        return failed == 0 ? 0 : 1;
    }

    static void Run(string name, Action test)
    {
        try
        {
            test();
            Console.WriteLine("ok: " + name);
        }
        catch (Exception error)
        {
            failed++;
            Console.WriteLine("failed: {0}: {1}", name, error);
        }
    }

    static void Check(bool right, object found)
    {
        if (!right) throw new Exception("found " + found);
    }

    static void Equal<T>(T found, T expected)
    {
        Check(EqualityComparer<T>.Default.Equals(found, expected), found + ", expected " + expected);
    }

    static T At<T>(T proxy, string service) where T : SoapHttpClientProtocol
    {
        proxy.Url = services + (service == "" ? "" : "/" + service + "/GPServer");
        return proxy;
    }

    static SoapException FaultOf(Action call)
    {
        try
        {
            call();
        }
        catch (SoapHeaderException error)
        {
            throw new Exception("a fault of the headers: " + error.Message);
        }
        catch (SoapException error)
        {
            return error;
        }
        throw new Exception("no fault");
    }

    static void ListServices()
    {
        var catalogue = At(new CatalogueProxy.Catalog(), "");
        Equal(catalogue.GetMessageVersion(), CatalogueProxy.esriArcGISVersion.esriArcGISVersion108);
        Equal(catalogue.GetMessageFormats().ToString(), "esriServiceCatalogMessageFormatSoap");
        Check(catalogue.RequiresTokens(), false);
        Check(catalogue.GetTokenServiceURL().EndsWith("/generateToken"), catalogue.GetTokenServiceURL());
        Check(catalogue.GetFolders().Contains("Conformance"), string.Join(",", catalogue.GetFolders()));
        Check(catalogue.GetServiceDescriptions().Any(each => each.Name == "Samples"), "no Samples");
        var names = catalogue.GetServiceDescriptionsEx("Conformance").Select(each => each.Name);
        Equal(string.Join(",", names), "Conformance/Async,Conformance/Sync");
    }

    static void DescribeTools()
    {
        var service = At(new Sync.Sync_GPServer(), "Conformance/Sync");
        Equal(service.GetExecutionType(), Sync.esriExecutionType.esriExecutionTypeSynchronous);
        Equal(service.GetResultMapServerName(), "");
        var tools = service.GetToolInfos();
        Equal(string.Join(",", tools.Select(each => each.Name)), string.Join(",", service.GetToolNames()));
        foreach (var tool in tools)
            foreach (var parameter in tool.ParameterInfo) Check(parameter.Value != null, parameter.Name);
    }

    static Samples.GPFeatureRecordSetLayer MakePoints(params double[][] places)
    {
        var shape = new Samples.Field
        {
            Name = "Shape",
            Type = Samples.esriFieldType.esriFieldTypeGeometry,
            IsNullable = true,
            GeometryDef = new Samples.GeometryDef
            {
                GeometryType = Samples.esriGeometryType.esriGeometryPoint,
                SpatialReference = new Samples.GeographicCoordinateSystem { WKID = 4326, WKIDSpecified = true },
            },
        };
        var name = new Samples.Field { Name = "NAME", Type = Samples.esriFieldType.esriFieldTypeString, Length = 50 };
        var records = places.Select(place => new Samples.Record
        {
            Values = new object[] { new Samples.PointN { X = place[0], Y = place[1] }, "<" + place[0] + ">" },
        });
        var set = new Samples.RecordSet
        {
            Fields = new Samples.Fields { FieldArray = new[] { shape, name } },
            Records = records.ToArray(),
        };
        return new Samples.GPFeatureRecordSetLayer { RecordSet = set, ShapeFieldName = "Shape" };
    }

    static void BufferPoints()
    {
        var service = At(new Samples.Samples_GPServer(), "Samples");
        var distance = new Samples.GPLinearUnit
        {
            Value = 2.5, ValueSpecified = true, Units = Samples.esriUnits.esriKilometers, UnitsSpecified = true,
        };
        var values = new Samples.GPValue[] { MakePoints(new[] { 11.5, 48.1 }, new[] { 7.1, 50.7 }), distance };
        var result = service.Execute("BufferPoints", values, null, null);
        var zones = (Samples.GPFeatureRecordSetLayer)result.Values.Single();
        var names = zones.RecordSet.Fields.FieldArray.Select(each => each.Name).ToList();
        Equal(zones.RecordSet.Records.Length, 2);
        var cells = zones.RecordSet.Records[0].Values;
        Equal((string)cells[names.IndexOf("NAME")], "<11.5>");
        var zone = (Samples.PolygonN)cells[names.IndexOf(zones.ShapeFieldName)];
        var top = zone.RingArray[0].PointArray.Max(point => ((Samples.PointN)point).Y);
        Check(Math.Abs(top - 48.1 - 2.5 / 111.2) < 0.001, top);
    }

    static Sync.GPValue[] EchoInputs(Sync.Sync_GPServer service)
    {
        var inputs = service.GetToolInfo("Echo").ParameterInfo
            .Where(each => each.Direction == Sync.esriGPParameterDirection.esriGPParameterDirectionInput).ToList();
        return inputs.Select(each => each.Name == "In_GPString" ? new Sync.GPString { Value = "third" } : null)
            .ToArray<Sync.GPValue>();
    }

    static T Output<T>(Sync.Sync_GPServer service, Sync.GPResult result, string name) where T : Sync.GPValue
    {
        var outputs = service.GetToolInfo("Echo").ParameterInfo
            .Where(each => each.Direction == Sync.esriGPParameterDirection.esriGPParameterDirectionOutput).ToList();
        Equal(result.Values.Length, outputs.Count);
        return (T)result.Values[outputs.FindIndex(each => each.Name == name)];
    }

    static void SendNulls()
    {
        var service = At(new Sync.Sync_GPServer(), "Conformance/Sync");
        var result = service.Execute("Echo", EchoInputs(service), null, null);
        Equal(Output<Sync.GPString>(service, result, "Out_GPString").Value, "third");
        Equal(result.Messages[0].MessageDesc, "Echo.");
    }

    static void SendZeros()
    {
        var service = At(new Sync.Sync_GPServer(), "Conformance/Sync");
        var values = EchoInputs(service);
        var names = service.GetToolInfo("Echo").ParameterInfo.Select(each => each.Name).ToList();
        values[names.IndexOf("In_GPDate")] = new Sync.GPDate { ValueSpecified = true };
        values[names.IndexOf("In_GPLinearUnit")] = new Sync.GPLinearUnit { ValueSpecified = true, UnitsSpecified = true };
        var result = service.Execute("Echo", values, null, null);
        Check(!Output<Sync.GPDate>(service, result, "Out_GPDate").ValueSpecified, "a date");
        Check(!Output<Sync.GPLinearUnit>(service, result, "Out_GPLinearUnit").ValueSpecified, "a distance");
    }

    static string Submit(Jobs.Async_GPServer service, double seconds)
    {
        var values = new Jobs.GPValue[] { new Jobs.GPDouble { Value = seconds, ValueSpecified = true } };
        return service.SubmitJob("Sleep", values, new Jobs.GPResultOptions(), null);
    }

    static void Wait(Jobs.Async_GPServer service, string job, Jobs.esriJobStatus until)
    {
        var deadline = DateTime.UtcNow.AddSeconds(90);
        for (var status = service.GetJobStatus(job); status != until; status = service.GetJobStatus(job))
        {
            Check(status <= Jobs.esriJobStatus.esriJobExecuting || status == Jobs.esriJobStatus.esriJobCancelling, status);
            Check(DateTime.UtcNow < deadline, status);
            Thread.Sleep(100);
        }
    }

    static void FollowJob()
    {
        var service = At(new Jobs.Async_GPServer(), "Conformance/Async");
        var job = Submit(service, 0.25);
        Wait(service, job, Jobs.esriJobStatus.esriJobSucceeded);
        Equal(service.GetJobToolName(job), "Sleep");
        Equal(service.GetJobMessages(job)[0].MessageDesc, "Submitted.");
        Check(((Jobs.GPDouble)service.GetJobResult(job, null, null).Values.Single()).Value >= 0.25, "less");
        Equal(service.GetJobResult(job, new[] { "Slept" }, null).Values.Length, 1);
        Equal(((Jobs.GPDouble)service.GetJobInputValues(job, null).Single()).Value, 0.25);
        Equal(service.GetJobResultOptions(job).DensifyFeatures, false);
        Check(service.GetJobEnvironmentValues(job) != null, "null");
    }

    static void CancelJob()
    {
        var service = At(new Jobs.Async_GPServer(), "Conformance/Async");
        var job = Submit(service, 60);
        Wait(service, job, Jobs.esriJobStatus.esriJobExecuting);
        service.CancelJob(job);
        Wait(service, job, Jobs.esriJobStatus.esriJobCancelled);
        var fault = FaultOf(() => service.GetJobResult(job, null, null));
        Check(fault.Message.StartsWith("The job was cancelled"), fault.Message);
    }

    static void ReadFault()
    {
        var service = At(new Samples.Samples_GPServer(), "Samples");
        var fault = FaultOf(() => service.GetToolInfo("Nothing"));
        Equal(fault.Code.Name, "Client");
        Check(fault.Message.StartsWith("Task 'Nothing' not found"), fault.Message);
    }

    static void AskNobody()
    {
        var service = At(new Samples.Samples_GPServer(), "Nothing");
        try
        {
            service.GetToolNames();
        }
        catch (System.Net.WebException)
        {
            return;
        }
        catch (SoapException)
        {
            return;
        }
        throw new Exception("no fault");
    }
}
