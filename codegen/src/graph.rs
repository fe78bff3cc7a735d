//! A picture of what was selected, and of where the boundary cut it.

use std::fmt::Write;

use crate::ir::{Api, Field, Type};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An operation.
    Operation,
    /// Parameters inside a parameter.
    Params,
    /// A model.
    Model,
    /// An enum.
    Enum,
    /// An object past the boundary.
    Boundary,
}

impl Kind {
    const ALL: [Self; 5] = [Self::Operation, Self::Params, Self::Model, Self::Enum, Self::Boundary];

    fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Params => "params",
            Self::Model => "model",
            Self::Enum => "enum",
            Self::Boundary => "boundary",
        }
    }
}

/// What was selected, as nodes and arrows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The types, by Rust name.
    pub nodes: Vec<(String, Kind)>,
    /// Which holds which; a reference that can be expanded, and so is not followed by itself, is dashed.
    pub edges: Vec<Edge>,
}

/// An arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// What holds.
    pub from: String,
    /// What is held.
    pub to: String,
    /// Whether it is there only where it was expanded.
    pub expandable: bool,
}

/// Draws an API.
pub fn graph(api: &Api) -> Graph {
    let mut graph = Graph::default();
    for operation in &api.operations {
        graph.node(&operation.name, Kind::Operation);
        graph.fields(&operation.name, &operation.params);
        graph.edge(&operation.name, &operation.output, false);
        graph.edge(&operation.name, &operation.error, false);
    }
    for params in &api.params {
        graph.node(&params.name, Kind::Params);
        graph.fields(&params.name, &params.fields);
    }
    for model in &api.models {
        graph.node(&model.name, Kind::Model);
        graph.fields(&model.name, &model.fields);
    }
    for shown in &api.enums {
        graph.node(&shown.name, Kind::Enum);
    }
    for reference in &api.references {
        graph.node(&reference.name, Kind::Boundary);
    }
    // An object of several kinds has no name of its own to point at.
    graph.edges.retain(|edge| graph.nodes.iter().any(|(name, _)| *name == edge.to));
    graph
}

impl Graph {
    fn node(&mut self, name: &str, kind: Kind) {
        self.nodes.push((name.to_owned(), kind));
    }

    fn edge(&mut self, from: &str, to: &str, expandable: bool) {
        let edge = Edge { from: from.to_owned(), to: to.to_owned(), expandable };
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }

    fn fields(&mut self, from: &str, fields: &[Field]) {
        for field in fields {
            let expandable = field.ty.parts().any(|part| matches!(part, Type::Expandable(_)));
            for part in field.ty.parts() {
                if let Type::Enum(to) | Type::Model(to) | Type::Reference(to) | Type::Params(to) = part {
                    self.edge(from, to, expandable);
                }
            }
        }
    }

    /// The picture as Mermaid, which renders in Markdown.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart LR\n");
        for (name, kind) in &self.nodes {
            let (open, close) = match kind {
                Kind::Operation => ("([", "])"),
                Kind::Params => ("[/", "/]"),
                Kind::Model => ("[", "]"),
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
        Kind::Enum => ("#f3e8ff", "#7c3aed"),
        Kind::Boundary => ("#eeeeee", "#777777"),
    }
}
