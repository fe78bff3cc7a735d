//! `.ci/update` as the weekly workflow runs it, for every order of events.

use std::fs;

use serde_json::json;

use crate::rehearsal::{Rehearsal, add_field, additive, branch, breaking, config, git, read, session, versions, xtask};

#[test]
fn nothing_new_opens_no_pull_request() {
    let rehearsal = Rehearsal::new();
    let document = rehearsal.publish(|_| {});
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok && text.contains("nothing new") && text.contains("nothing to deliver"), "{text}");
    assert_eq!((asked, rehearsal.branches()), (vec![], vec![]));
}

/// The body is Markdown on a page where others read it, and so are the entries of the changelog.
#[test]
fn text_of_a_document_is_text_in_a_pull_request() {
    let hostile = "\u{1b}[31m\u{202e}\u{200b}\n- [x] done` ~~~ <script>|[a](http://b.c)";
    let is_visible = |text: &str| !text.contains(|c| c != '\n' && codegen::visible::is_hidden(c));
    // Items, quoted texts and rows to paste, also of a document that cannot be generated without a decision.
    for is_refused in [false, true] {
        let rehearsal = Rehearsal::new();
        let document = rehearsal.publish(|document| {
            let flag = json!({"type": "boolean", "description": hostile});
            session(document).insert(format!("flag{hostile}"), flag);
            let paths = document["paths"].as_object_mut().expect("it is an object");
            let mut other = paths["/v1/financial_connections/sessions"].clone();
            other["post"]["operationId"] = json!(hostile);
            paths.insert(format!("/v1/financial_connections/sessions/{hostile}"), other);
            if is_refused {
                let values = json!([format!("value{hostile}"), "other"]);
                let field = json!({"type": "string", "enum": values, "description": hostile});
                session(document).insert(format!("name{hostile}"), field);
            }
        });
        let (ok, text, _) = rehearsal.week(&document);
        assert!(ok, "{text}");
        let (body, log) = (rehearsal.body(), read(&rehearsal.clone().join("CHANGELOG.md")));
        // Rows to paste are blocks of a language of ours, and the last line is a comment of ours.
        let (items, _) = body.rsplit_once("\n<!-- stripe-openapi ").expect("it has the comment");
        let items = items.replace("\n  ```toml\n", "\n  ```text\n");
        for markdown in [&items, &log] {
            let fault = codegen::markdown::fault(markdown, &|_| false, &|link| !link.contains(':'));
            assert_eq!(fault, None, "{markdown}");
        }
        assert!(body.contains("\\u{202e}"), "{text}\n{body}");
        assert_eq!(body.contains("nothing decides whether"), is_refused, "{body}");
        assert!(is_visible(&text), "{}", text.escape_debug());
    }
    // A type that does not exist is refused before anything is written.
    let rehearsal = Rehearsal::new();
    let document = rehearsal.publish(|document| {
        session(document).insert("unknown".to_owned(), json!({"type": hostile}));
    });
    let (ok, text, _) = rehearsal.week(&document);
    assert!(!ok && text.contains("\\u{202e}") && is_visible(&text), "{}", text.escape_debug());
}

#[test]
fn an_additive_document_opens_a_draft_with_what_is_left() {
    let rehearsal = Rehearsal::new();
    let document = rehearsal.publish(additive);
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok, "{text}");
    assert_eq!(rehearsal.branches(), [branch()]);
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert!(asked[0].starts_with(&format!("pr create --base main --head {}", branch())), "{asked:?}");
    assert!(asked[0].ends_with(" --draft"), "{asked:?}");

    let fresh = rehearsal.fresh(&branch());
    let document = format!("spec/{}", config().releases[0].document);
    let text = read(&fresh.join(&document));
    let line = text.lines().position(|line| line.trim() == "brand_new:").expect("it is there") + 1;
    let body = rehearsal.body();
    assert!(body.contains(&format!("- [ ] `{document}:{line}`: describe `#/components/schemas/")), "{body}");
    assert!(body.contains("**Verdict: minor"), "{body}");
    let [_, minor, _] = versions();
    assert!(read(&fresh.join("Cargo.toml")).contains(&format!("version = \"{minor}\"")));
    assert!(read(&fresh.join("Cargo.lock")).contains(&format!("name = \"xtask\"\nversion = \"{minor}\"")));
    let changelog = read(&fresh.join("CHANGELOG.md"));
    assert!(changelog.contains(&format!("## {minor}\n\n- Add support for `brand_new` on `Session`\n")), "{changelog}");
    let (code, text) = xtask(&fresh, &["release", &format!("v{minor}")]);
    assert_eq!(code, Some(0), "{text}");
    let models =
        read(&fresh.join("generated/src/releases").join(&config().releases[0].module).join("session/models.rs"));
    assert!(models.contains("pub brand_new:") && !models.contains("Stripe's words"));
    assert!(git(&fresh, &["status", "--porcelain"]).is_empty(), "everything is in the commit");

    // The result of the checks goes to the commit.
    let out = rehearsal.path("out").display().to_string();
    let (ok, text) = rehearsal.script(&["status", &out, "failure", "https://example.com/run"]);
    assert!(ok, "{text}");
    let asked = read(&rehearsal.path("asked"));
    let commit = git(&fresh, &["rev-parse", "HEAD"]);
    assert!(asked.contains(&format!("/statuses/{} -f state=failure", commit.trim())), "{asked}");
}

#[test]
fn a_breaking_document_raises_the_major_version() {
    let rehearsal = Rehearsal::new();
    let (ok, text, asked) = rehearsal.week(&rehearsal.publish(breaking));
    assert!(ok, "{text}");
    assert!(asked.len() == 1 && !asked[0].contains("--draft"), "nothing is left to do: {asked:?}");
    let body = rehearsal.body();
    assert!(body.starts_with("Nothing is left to do.") && body.contains("**Verdict: major"), "{body}");
    let fresh = rehearsal.fresh(&branch());
    let [_, _, major] = versions();
    let changelog = read(&fresh.join("CHANGELOG.md"));
    assert!(
        changelog.contains(&format!("## {major}\n\n- ⚠️ Remove support for `livemode` on `Session`\n")),
        "{changelog}"
    );
}

#[test]
fn a_commit_of_a_person_stays_on_the_branch() {
    let (rehearsal, _) = Rehearsal::proposed();

    // A person describes the field, as the list asks.
    let fresh = rehearsal.fresh(&branch());
    let document = format!("spec/{}", config().releases[0].document);
    let text = read(&fresh.join(&document));
    let described = text.replacen("brand_new:\n", "brand_new:\n          description: A person's words.\n", 1);
    fs::write(fresh.join(&document), described).expect("it is ours");
    let (code, text) = xtask(&fresh, &["update", &document]);
    assert!(code == Some(0) && text.contains("Nothing is left to do."), "{text}");
    git(&fresh, &["commit", "--quiet", "--all", "--message", "Describe the field"]);
    let person = git(&fresh, &["rev-parse", "HEAD"]);
    git(&fresh, &["push", "--quiet", "origin", "HEAD"]);

    // Main moves as well, and the second week brings another field.
    rehearsal.move_main(|_| {});
    let second = rehearsal.publish(|document| {
        additive(document);
        add_field(document, "second_new");
    });
    let (ok, text, asked) = rehearsal.week(&second);
    assert!(ok, "{text}");
    assert_eq!(rehearsal.branches(), [branch()]);
    assert!(asked.len() == 1 && asked[0].starts_with("pr edit 1 "), "{asked:?}");
    let fresh = rehearsal.fresh(&branch());
    git(&fresh, &["merge-base", "--is-ancestor", person.trim(), "HEAD"]);
    git(&fresh, &["merge-base", "--is-ancestor", "origin/main", "HEAD"]);
    let text = read(&fresh.join(&document));
    assert!(text.contains("A person's words.") && text.contains("second_new:"));
    let body = rehearsal.body();
    assert_eq!(body.matches("- [ ]").count(), 1, "{body}");
    let [_, minor, _] = versions();
    let changelog = read(&fresh.join("CHANGELOG.md"));
    assert_eq!(changelog.matches(&format!("## {minor}\n")).count(), 1, "{changelog}");
    assert!(changelog.contains("`second_new`"), "{changelog}");

    // The same document once more brings nothing.
    let (ok, text, asked) = rehearsal.week(&second);
    assert!(ok && asked.is_empty(), "{text}{asked:?}");
}

#[test]
fn an_earlier_pull_request_does_not_stop_a_new_one() {
    let rehearsal = Rehearsal::new();
    assert!(rehearsal.week(&rehearsal.publish(breaking)).0);
    rehearsal.merge(&branch());
    let (ok, text, asked) = rehearsal.week(&rehearsal.publish(breaking));
    assert!(ok && asked.is_empty(), "what was merged is not new: {text}{asked:?}");

    // The branch of the merged one is still there.
    let more = rehearsal.publish(|document| {
        breaking(document);
        additive(document);
    });
    let (ok, text, asked) = rehearsal.week(&more);
    assert!(ok, "{text}");
    let second = format!("{}-2", branch());
    assert!(asked.len() == 1 && asked[0].contains(&format!("--head {second} ")), "{asked:?}");
    rehearsal.fresh(&second);
}

/// A person who closes the pull request says no to that document, and not to the next one.
#[test]
fn a_document_that_was_declined_is_not_proposed_again() {
    let (rehearsal, first) = Rehearsal::proposed();
    rehearsal.edit_pull(|pull| pull["state"] = json!("closed"));
    let closed = git(&rehearsal.path("remote"), &["rev-parse", &branch()]);
    for _ in 0..2 {
        let (ok, text, asked) = rehearsal.week(&first);
        assert!(ok && asked.is_empty() && text.contains("was closed"), "{text}{asked:?}");
        assert_eq!(rehearsal.branches(), [branch()]);
    }
    // Its branch may be deleted, which changes nothing.
    git(&rehearsal.path("remote"), &["update-ref", "-d", &format!("refs/heads/{}", branch())]);
    let (ok, text, asked) = rehearsal.week(&first);
    assert!(ok && asked.is_empty() && rehearsal.branches().is_empty(), "{text}{asked:?}");
    git(&rehearsal.path("remote"), &["update-ref", &format!("refs/heads/{}", branch()), closed.trim()]);

    let next = rehearsal.publish(|document| {
        additive(document);
        add_field(document, "second_new");
    });
    let (ok, text, asked) = rehearsal.week(&next);
    let second = format!("{}-2", branch());
    assert!(ok && asked.len() == 1 && asked[0].contains(&format!("--head {second} ")), "{text}{asked:?}");
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", &branch()]), closed);
}

/// Whoever has a fork can name its branch as ours are named, and copy the text.
#[test]
fn a_pull_request_from_a_fork_is_ignored() {
    let (rehearsal, document) = Rehearsal::proposed();
    // The same as from a fork, which may be gone meanwhile, and without ours.
    for repository in [json!({"full_name": "them/it"}), json!(null)] {
        for state in ["open", "closed"] {
            git(&rehearsal.path("remote"), &["update-ref", "-d", &format!("refs/heads/{}", branch())]);
            rehearsal.edit_pull(|pull| {
                pull["head"]["repo"] = repository.clone();
                pull["state"] = json!(state);
            });
            let theirs = rehearsal.pulls()[0].clone();
            rehearsal.set_pulls(std::slice::from_ref(&theirs));
            let (ok, text, asked) = rehearsal.week(&document);
            assert!(ok && asked.len() == 1 && asked[0].starts_with("pr create"), "{text}{asked:?}");
            assert_eq!(rehearsal.branches(), [branch()]);
            rehearsal.set_pulls(&[theirs]);
        }
    }
}

/// The branch keeps the old generator then, and the text says so until somebody merged.
#[test]
fn a_conflict_is_said_in_the_text() {
    let (rehearsal, document) = Rehearsal::proposed();
    rehearsal.move_main(|first| {
        let [_, _, major] = versions();
        let log = read(&first.join("CHANGELOG.md"));
        let newer = log.replacen("## ", &format!("## {major}\n\n- By hand.\n\n## "), 1);
        fs::write(first.join("CHANGELOG.md"), newer).expect("it is ours");
    });
    let before = git(&rehearsal.path("remote"), &["rev-parse", &branch()]);
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok, "{text}");
    assert!(asked.len() == 1 && asked[0].starts_with("pr edit 1 "), "{asked:?}");
    let body = rehearsal.pulls()[0]["body"].as_str().expect("it is text").to_owned();
    assert!(body.starts_with("> [!WARNING]\n> This branch conflicts with `main`"), "{body}");
    assert!(body.contains("> - `CHANGELOG.md`\n"), "{body}");
    assert!(body.contains(&format!("git switch {} && git merge origin/main", branch())), "{body}");
    assert!(body.contains("- [ ] "), "the list is still there: {body}");
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", &branch()]), before);
    let (ok, text, asked) = rehearsal.week(&document);
    assert!(ok && asked.is_empty(), "it is said once: {text}{asked:?}");
}

/// What fails after the push is completed by the next run, with one branch and one pull request.
#[test]
fn a_run_that_failed_after_the_push_is_completed() {
    let rehearsal = Rehearsal::new();
    let first = rehearsal.publish(additive);
    rehearsal.fail(Some("pr create"));
    let (ok, text, _) = rehearsal.week(&first);
    assert!(!ok && text.contains("HTTP 502"), "{text}");
    assert_eq!((rehearsal.branches(), rehearsal.pulls().len()), (vec![branch()], 0));
    rehearsal.fail(None);
    let (ok, text, asked) = rehearsal.week(&first);
    assert!(ok && asked.len() == 1 && asked[0].contains(&format!("--head {} ", branch())), "{text}{asked:?}");
    assert_eq!((rehearsal.branches(), rehearsal.pulls().len()), (vec![branch()], 1));

    let second = rehearsal.publish(breaking);
    rehearsal.fail(Some("pr edit"));
    let (ok, text, _) = rehearsal.week(&second);
    assert!(!ok && text.contains("HTTP 502"), "{text}");
    assert!(!rehearsal.pulls()[0]["body"].as_str().expect("it is text").contains("Verdict: major"));
    rehearsal.fail(None);
    let (ok, text, asked) = rehearsal.week(&second);
    assert!(ok && asked.len() == 1 && asked[0].starts_with("pr edit 1 "), "{text}{asked:?}");
    assert!(rehearsal.pulls()[0]["body"].as_str().expect("it is text").contains("Verdict: major"));
    // A person's ticks are not undone by a run that brings nothing.
    rehearsal.edit_pull(|pull| {
        pull["body"] = json!(pull["body"].as_str().expect("it is text").replace("**Verdict", "Ticked. **Verdict"));
    });
    let (ok, text, asked) = rehearsal.week(&second);
    assert!(ok && asked.is_empty(), "{text}{asked:?}");
}

#[test]
fn a_branch_that_was_renamed_is_found_and_one_that_was_deleted_begins_again() {
    let (rehearsal, _) = Rehearsal::proposed();
    let more = rehearsal.publish(|document| {
        additive(document);
        add_field(document, "second_new");
    });
    // Renamed, and the pull request names the new branch, or still the old one.
    let remote = rehearsal.path("remote");
    git(&remote, &["branch", "--move", &branch(), "a-name-of-ours"]);
    rehearsal.edit_pull(|pull| pull["head"]["ref"] = json!("a-name-of-ours"));
    let (ok, text, asked) = rehearsal.week(&more);
    assert!(ok && asked.len() == 1 && asked[0].starts_with("pr edit 1 "), "{text}{asked:?}");
    assert_eq!(rehearsal.branches(), ["a-name-of-ours"]);
    git(&remote, &["branch", "--move", "a-name-of-ours", "another"]);
    rehearsal.edit_pull(|pull| {
        pull["head"]["sha"] = json!(git(&remote, &["rev-parse", "another"]).trim());
    });
    let (ok, text, asked) = rehearsal.week(&rehearsal.publish(breaking));
    assert!(ok && asked.len() == 1 && asked[0].starts_with("pr edit 1 "), "{text}{asked:?}");
    assert_eq!(rehearsal.branches(), ["another"]);

    git(&remote, &["update-ref", "-d", "refs/heads/another"]);
    let (ok, text, _) = rehearsal.week(&more);
    assert!(ok, "{text}");
    assert_eq!(rehearsal.branches().len(), 1);
    assert_eq!(rehearsal.pulls().iter().filter(|pull| pull["state"] == "open").count(), 1);
}

#[test]
fn a_document_that_stripe_took_back_closes_the_pull_request() {
    let (rehearsal, _) = Rehearsal::proposed();
    let open = rehearsal.pulls()[0]["number"].clone();
    assert_eq!(rehearsal.pulls()[0]["state"], "open");
    let nothing = rehearsal.publish(|_| {});
    let (ok, text, asked) = rehearsal.week(&nothing);
    assert!(ok, "{text}");
    assert!(asked.len() == 2 && asked[1].starts_with(&format!("pr close {open} --comment Stripe took")), "{asked:?}");
    assert_eq!(rehearsal.pulls()[0]["state"], "closed");
    let (ok, text, asked) = rehearsal.week(&nothing);
    assert!(ok && asked.is_empty() && text.contains("nothing new"), "{text}{asked:?}");
    // Published again, it is proposed again.
    let (ok, text, asked) = rehearsal.week(&rehearsal.publish(additive));
    assert!(ok && asked.len() == 1 && asked[0].starts_with("pr create"), "{text}{asked:?}");
}

#[test]
fn a_failing_step_changes_nothing() {
    let rehearsal = Rehearsal::new();
    let page = rehearsal.path("page.html");
    fs::write(&page, "<html>Please log in</html>").expect("the directory can be written");
    let (ok, text, asked) = rehearsal.week(&page.display().to_string());
    assert!(!ok && text.contains("error: "), "{text}");
    assert_eq!((asked, rehearsal.branches()), (vec![], vec![]));

    // Somebody pushes between the steps: the push is refused, and their commit stays.
    let out = rehearsal.path("out").display().to_string();
    let (ok, text) = rehearsal.script(&["prepare", &out, &rehearsal.publish(additive)]);
    assert!(ok, "{text}");
    let main = git(&rehearsal.path("remote"), &["rev-parse", "main"]);
    git(&rehearsal.first(), &["commit", "--quiet", "--allow-empty", "--message", "Of a person"]);
    git(&rehearsal.first(), &["push", "--quiet", "origin", &format!("main:{}", branch())]);
    let theirs = git(&rehearsal.path("remote"), &["rev-parse", &branch()]);
    fs::write(rehearsal.path("asked"), "").expect("the directory can be written");
    let (ok, text) = rehearsal.script(&["deliver", &out]);
    assert!(!ok && text.contains("rejected"), "{text}");
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", &branch()]), theirs);
    assert_eq!(git(&rehearsal.path("remote"), &["rev-parse", "main"]), main);
    assert_eq!(read(&rehearsal.path("asked")), "");
}
