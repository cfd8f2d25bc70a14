"""Cases of the contract about batch jobs: what they take, what they give, how they end."""

from __future__ import annotations

from typing import Any

from amts_tasks.doctor.case import PAGE, Answer, hold, same
from amts_tasks.doctor.desk import Desk


def refusals(desk: Desk) -> Answer:
    remarks = {}
    desk.put("bad/details/a.html", PAGE)
    for what, folder, more in (
        ("a nested folder named details", "bad/", {}),
        ("two parallel data", "bad/", {"ParallelDataNames": [desk.kept["rows"]] * 2}),
        (
            "a target the parallel data lack",
            "bad/",
            {"ParallelDataNames": [desk.kept["rows"]], "TargetLanguageCodes": ["de"]},
        ),
    ):
        code, status = desk.code(desk.start, folder=folder, **more)
        hold(bool(code) or "details" not in what, "a folder named details was accepted")
        remarks[what] = f"{code or 'accepted'} ({status})"
    code, _ = desk.code(
        desk.start,
        folder="bad/",
        InputDataConfig={"S3Uri": f"s3://{desk.bucket}/", "ContentType": "text/html"},
    )
    hold(bool(code), "documents at the top level were accepted")
    return Answer(remarks=remarks)


def job(desk: Desk) -> Answer:
    """Two targets, a nested document, a protected span, parallel data."""
    desk.put(
        "in/a.html", '<html><body><p>The sky is blue.</p><p>See <span translate="no">f(x)</span>.</p></body></html>'
    )
    desk.put("in/sub/b.html", '<html><body><p title="The sky">The sky is blue.</p></body></html>')
    more = {"ParallelDataNames": [desk.kept["rows"]], "TargetLanguageCodes": ["es", "fr"]}
    job_id = desk.start("in/", ClientToken=f"{desk.name}-t", **more)
    switches: dict[str, Any] = {}
    again = desk.start("in/", ClientToken=f"{desk.name}-t", **more)
    remarks = {"same token and parameters": "the same job" if again == job_id else "another job"}
    output = desk.job(job_id)["OutputDataConfig"]["S3Uri"]
    hold(output.endswith(f"-TranslateText-{job_id}/"), output)
    job = desk.ended(job_id)
    same(job["JobStatus"], "COMPLETED", job.get("Message"))
    remarks["message"] = job.get("Message", "")
    folder = job["OutputDataConfig"]["S3Uri"]
    names = desk.keys(folder)
    hold("es.a.html" in names, names)
    hold("details/fr.auxiliary-translation-details.json" in names, names)
    details = desk.details(job, "es")
    same(details["documentCountWithCustomerError"], "0")
    shown = {row["sourceFile"]: row["targetFile"] for row in details["details"]}
    nested = next(target for source, target in shown.items() if source.endswith("b.html"))
    remarks["nested target file"] = nested
    switches["nested_output"] = "keep" if "/" in nested else "flat"
    counts = job["JobDetails"]
    switches["count_languages"] = counts["TranslatedDocumentsCount"] == 4
    hold(counts["TranslatedDocumentsCount"] in {2, 4}, counts)
    text = desk.text(f"{folder}es.a.html")
    hold('<span translate="no">f(x)</span>' in text, text)
    bare = sum(map(len, ("The sky is blue.", "See .", "The sky is blue.")))
    billed = int(details["charactersTranslated"])
    remarks["characters translated"] = f"{billed}, {bare} without the protected span and titles"
    switches["bill_protected"] = billed >= bare + len("f(x)")
    remarks["title attribute"] = "kept" if 'title="The sky"' in desk.text(folder + nested) else "translated"
    found = desk.translate.list_text_translation_jobs(Filter={"JobName": desk.name})
    mine = [one for one in found["TextTranslationJobPropertiesList"] if one["JobId"] == job_id]
    switches["job_name_filter"] = "prefix" if mine else "exact"
    return Answer(switches, remarks)


def prefix(desk: Desk) -> Answer:
    """An input URI without its closing slash, with a neighbour that begins the same; and a token used before."""
    desk.put("open/a.html", PAGE)
    desk.put("open-too/b.html", PAGE)
    code, status = desk.code(desk.start, folder="open", ClientToken=f"{desk.name}-t")
    if code:
        return Answer({"strict_tokens": True}, {"token with other parameters": f"{code} ({status})"})
    job = desk.ended(desk.made[-1][1])
    both = job["JobDetails"]["InputDocumentsCount"] == 2
    return Answer({"strict_tokens": False, "open_prefix": "prefix" if both else "folder"})


def auto(desk: Desk) -> Answer:
    code, status = desk.code(desk.start, folder="in/", SourceLanguageCode="auto", ParallelDataNames=[desk.kept["rows"]])
    ended = code or str(desk.ended(desk.made[-1][1])["JobStatus"])
    told = {"auto with parallel data": f"{ended} ({status})"}
    return Answer({"auto_with_parallel_data": ended == "COMPLETED"}, told)


def stop(desk: Desk) -> Answer:
    job_id = desk.start("in/", JobName=f"{desk.name}-stop")
    said = desk.translate.stop_text_translation_job(JobId=job_id)["JobStatus"]
    job = desk.ended(job_id)
    hold(job["JobStatus"] in {"STOPPED", "COMPLETED"}, job)
    again = desk.translate.stop_text_translation_job(JobId=job_id)["JobStatus"]
    return Answer(remarks={"stop answers": said, "then": job["JobStatus"], "stop of an ended job answers": again})
