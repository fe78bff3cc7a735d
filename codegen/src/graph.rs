//! A picture of what was selected, and of where the boundary cuts it off.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::ir::{Api, Named, Type};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An operation.
    Operation,
    /// Parameters inside a parameter.
    Params,
    /// A model.
    Model,
    /// A union.
    Union,
    /// An enum.
    Enum,
    /// An object past the boundary.
    Boundary,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Operation, Self::Params, Self::Model, Self::Union, Self::Enum, Self::Boundary];

    fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Params => "params",
            Self::Model => "model",
            Self::Union => "union",
            Self::Enum => "enum",
            Self::Boundary => "boundary",
        }
    }
}

impl From<Named<'_>> for Kind {
    fn from(item: Named<'_>) -> Self {
        match item {
            Named::Operation(_) => Self::Operation,
            Named::Params(_) => Self::Params,
            Named::Model(_) => Self::Model,
            Named::Union(_) => Self::Union,
            Named::Enum(_) => Self::Enum,
            Named::Reference(_) => Self::Boundary,
        }
    }
}

/// The selection as nodes and arrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The types, by Rust name.
    pub nodes: Vec<(String, Kind)>,
    /// Which type holds which.
    pub edges: Vec<Edge>,
}

/// An arrow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The type that holds the other.
    pub from: String,
    /// The type that is held.
    pub to: String,
    /// Whether the object is there only if it was expanded. Such an arrow is dashed.
    pub expandable: bool,
}

/// Draws an API.
pub fn graph(api: &Api) -> Graph {
    let mut graph = Graph::default();
    let mut seen = BTreeSet::new();
    for item in api.items() {
        graph.nodes.push((item.name().to_owned(), item.into()));
        let mut held: Vec<_> =
            item.types().into_iter().filter_map(|ty| Some((ty.name()?, is_expandable(ty)))).collect();
        if let Named::Operation(operation) = item {
            held.push((&operation.error, false));
        }
        // An id is not a node: it does not hold its object.
        for (to, expandable) in held.into_iter().filter(|(to, _)| api.named(to).is_some()) {
            let edge = Edge { from: item.name().to_owned(), to: to.to_owned(), expandable };
            if seen.insert(edge.clone()) {
                graph.edges.push(edge);
            }
        }
    }
    graph
}

fn is_expandable(ty: &Type) -> bool {
    ty.layers().any(|layer| matches!(layer, Type::Expandable(_)))
}

impl Graph {
    /// The picture as Mermaid, which renders in Markdown.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (name, kind) in &self.nodes {
            let (open, close) = match kind {
                Kind::Operation => ("([", "])"),
                Kind::Params => ("[/", "/]"),
                Kind::Model => ("[", "]"),
                Kind::Union => ("{", "}"),
                Kind::Enum => ("{{", "}}"),
                Kind::Boundary => ("[(", ")]"),
            };
            let _ = writeln!(out, "    {name}{open}{name}{close}:::{}", kind.name());
        }
        for edge in &self.edges {
            let arrow = if edge.expandable { "-.->" } else { "-->" };
            let _ = writeln!(out, "    {} {arrow} {}", edge.from, edge.to);
        }
        for kind in Kind::ALL {
            let (fill, line) = colours(kind);
            let dash = if kind == Kind::Boundary { ",stroke-dasharray: 4" } else { "" };
            let _ = writeln!(out, "    classDef {} fill:{fill},stroke:{line},color:#111{dash}", kind.name());
        }
        out
    }

    /// The picture as DOT, for Graphviz.
    pub fn dot(&self) -> String {
        let mut out =
            String::from("digraph api {\n    rankdir = LR;\n    node [fontname = \"sans-serif\", style = filled];\n");
        for kind in Kind::ALL {
            let nodes: Vec<_> = self.nodes.iter().filter(|(_, of)| *of == kind).collect();
            if nodes.is_empty() {
                continue;
            }
            let shape = match kind {
                Kind::Operation => "oval",
                Kind::Params => "parallelogram",
                Kind::Model => "box",
                Kind::Union => "diamond",
                Kind::Enum => "hexagon",
                Kind::Boundary => "cylinder",
            };
            let (fill, line) = colours(kind);
            let _ = writeln!(out, "    // {}", kind.name());
            let _ = writeln!(out, "    node [shape = {shape}, fillcolor = \"{fill}\", color = \"{line}\"];");
            for (name, _) in nodes {
                let _ = writeln!(out, "    {name};");
            }
        }
        for edge in &self.edges {
            let style = if edge.expandable { " [style = dashed]" } else { "" };
            let _ = writeln!(out, "    {} -> {}{style};", edge.from, edge.to);
        }
        out.push_str("}\n");
        out
    }
}

fn colours(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Operation => ("#d6e8ff", "#2563eb"),
        Kind::Params => ("#e8f7e0", "#3f8f1f"),
        Kind::Model => ("#fff6d6", "#b7791f"),
        Kind::Union => ("#ffe4e6", "#be123c"),
        Kind::Enum => ("#f3e8ff", "#7c3aed"),
        Kind::Boundary => ("#eeeeee", "#777777"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::testing::{api, boxed, operation, reference};

    #[test]
    fn an_operation_points_to_its_output_and_its_error_once() {
        let mut api = api();
        api.references = vec![reference("Session", "session"), reference("Error", "error")];
        api.operations.push(operation("CreateSession", "/v1/sessions", [], ""));
        api.operations[0].output = Type::Expandable(boxed(Type::Reference("Session".to_owned())));
        api.reindex();
        let graph = graph(&api);
        let edges: Vec<_> = graph.edges.iter().map(|edge| (edge.to.as_str(), edge.expandable)).collect();
        assert_eq!(edges, [("Session", true), ("Error", false)]);
        assert!(graph.mermaid().contains("    CreateSession -.-> Session\n"), "{}", graph.mermaid());
        assert!(graph.dot().contains("    CreateSession -> Error;\n"), "{}", graph.dot());
    }
}
