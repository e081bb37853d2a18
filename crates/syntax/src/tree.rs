use std::sync::Arc;

use exeat_diagnostics::Span;
use pest::iterators::Pairs;

use crate::Kind;

/// A lossless tree over one text. Comments are tokens, but no children of nodes.
#[derive(Clone, Debug)]
pub struct Tree {
    text: Arc<str>,
    base: u32,
    nodes: Vec<NodeData>,
    tokens: Vec<Token>,
}

/// The number of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(usize);

/// The number of a token, comments included, in the order of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenId(pub usize);

/// A word or sign of the text, or a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its place in the offset space.
    pub span: Span,
}

#[derive(Clone, Debug)]
struct NodeData {
    kind: Kind,
    children: Vec<Child>,
    /// First token and one after the last, comments inside included.
    tokens: (usize, usize),
}

#[derive(Clone, Copy, Debug)]
enum Child {
    Node(usize),
    Token(usize),
}

/// A child of a node.
#[derive(Clone, Copy, Debug)]
pub enum Element<'t> {
    /// A node.
    Node(Node<'t>),
    /// A token, by its number and itself.
    Token(TokenId, Token),
}

/// A node of a tree, with the tree.
#[derive(Clone, Copy, Debug)]
pub struct Node<'t> {
    tree: &'t Tree,
    id: usize,
}

impl Tree {
    /// Builds the tree of a parse. A pair without inner pairs is a token.
    pub(crate) fn build(text: Arc<str>, base: u32, root: Kind, pairs: Pairs<'_, Kind>) -> Self {
        let mut tree = Self::empty(text, base, root);
        let mut read = 0;
        for pair in pairs {
            // The root pair is the first node; its inner pairs are the items.
            tree.add_children(0, pair.into_inner(), &mut read);
        }
        tree.add_comments(read, tree.text.len());
        let end = tree.tokens.len();
        if let Some(root) = tree.nodes.first_mut() {
            root.tokens = (0, end);
        }
        tree
    }

    /// The tree of a text that could not be parsed at all.
    pub(crate) fn empty(text: Arc<str>, base: u32, root: Kind) -> Self {
        let root = NodeData { kind: root, children: Vec::new(), tokens: (0, 0) };
        Self { text, base, nodes: vec![root], tokens: Vec::new() }
    }

    /// `read` is up to where the tokens of the text are in the tree.
    fn add_children(&mut self, parent: usize, pairs: Pairs<'_, Kind>, read: &mut usize) {
        for pair in pairs {
            let kind = pair.as_rule();
            if kind == Kind::EOI {
                continue;
            }
            let (start, end) = (pair.as_span().start(), pair.as_span().end());
            let inner = pair.into_inner();
            self.add_comments(*read, start);
            *read = start;
            if inner.is_empty() && is_token(kind) {
                let at = self.tokens.len();
                self.add_token(kind, start, end);
                *read = end;
                if kind != Kind::comment {
                    self.add_child(parent, Child::Token(at));
                }
            } else {
                let at = self.nodes.len();
                let first = self.tokens.len();
                self.nodes.push(NodeData { kind, children: Vec::new(), tokens: (first, first) });
                self.add_child(parent, Child::Node(at));
                self.add_children(at, inner, read);
                let last = self.tokens.len();
                if let Some(node) = self.nodes.get_mut(at) {
                    node.tokens = (first, last);
                }
            }
        }
    }

    /// The comments of what stands between two words: there is nothing else in it but white space.
    fn add_comments(&mut self, start: usize, end: usize) {
        let mut at = start;
        while let Some(gap) = self.text.get(at..end)
            // Most often there is just a blank.
            && gap.contains('/')
            && let Some(before) = gap.find("//")
        {
            let begin = at.saturating_add(before);
            let length = self.text.get(begin..end).and_then(|rest| rest.find('\n'));
            at = length.map_or(end, |length| begin.saturating_add(length));
            self.add_token(Kind::comment, begin, at);
        }
    }

    fn add_token(&mut self, kind: Kind, start: usize, end: usize) {
        let offset =
            |local: usize| self.base.saturating_add(u32::try_from(local).unwrap_or(u32::MAX));
        self.tokens.push(Token { kind, span: Span::new(offset(start), offset(end)) });
    }

    fn add_child(&mut self, parent: usize, child: Child) {
        if let Some(node) = self.nodes.get_mut(parent) {
            node.children.push(child);
        }
    }

    /// The node of the whole text.
    pub fn root(&self) -> Node<'_> {
        Node { tree: self, id: 0 }
    }

    /// The text.
    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Offset of the text's first byte in the offset space.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// All tokens, comments included, in the order of the text.
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The text that a span covers.
    pub fn slice(&self, span: Span) -> &str {
        let local =
            |offset: u32| usize::try_from(offset.saturating_sub(self.base)).unwrap_or(usize::MAX);
        self.text.get(local(span.start)..local(span.end)).unwrap_or("")
    }

    /// A node by its number.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        (id.0 < self.nodes.len()).then_some(Node { tree: self, id: id.0 })
    }
}

/// Rules that may match without an inner pair although they are no words: an empty file.
fn is_token(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::file
            | Kind::only_item
            | Kind::only_expr
            | Kind::only_given
            | Kind::only_words
            | Kind::only_pattern
            | Kind::only_type
    )
}

impl<'t> Node<'t> {
    fn data(self) -> Option<&'t NodeData> {
        self.tree.nodes.get(self.id)
    }

    /// Its tree.
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// Its number.
    pub fn id(self) -> NodeId {
        NodeId(self.id)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        self.data().map_or(Kind::skipped, |data| data.kind)
    }

    /// The numbers of its first token and of the one after its last.
    pub fn token_range(self) -> (TokenId, TokenId) {
        let (first, end) = self.data().map_or((0, 0), |data| data.tokens);
        (TokenId(first), TokenId(end))
    }

    /// From its first to its last token that is no comment.
    pub fn span(self) -> Span {
        let (TokenId(first), TokenId(end)) = self.token_range();
        let tokens = self.tree.tokens.get(first..end).unwrap_or(&[]);
        let mut real = tokens.iter().filter(|token| token.kind != Kind::comment);
        match (real.next(), real.next_back()) {
            (Some(a), Some(b)) => a.span.to(b.span),
            (Some(a), None) => a.span,
            _ => Span::new(self.tree.base, self.tree.base),
        }
    }

    /// Its text.
    pub fn text(self) -> &'t str {
        self.tree.slice(self.span())
    }

    /// Its children in the order of the text, without comments.
    pub fn children(self) -> impl DoubleEndedIterator<Item = Element<'t>> {
        let tree = self.tree;
        let children: &'t [Child] = self.data().map_or(&[], |data| data.children.as_slice());
        children.iter().filter_map(move |child| match child {
            Child::Node(id) => Some(Element::Node(Node { tree, id: *id })),
            Child::Token(at) => {
                tree.tokens.get(*at).map(|token| Element::Token(TokenId(*at), *token))
            }
        })
    }

    /// Its children that are nodes.
    pub fn nodes(self) -> impl DoubleEndedIterator<Item = Node<'t>> {
        self.children().filter_map(|child| match child {
            Element::Node(node) => Some(node),
            Element::Token(..) => None,
        })
    }

    /// Its children that are nodes of that kind.
    pub fn nodes_of(self, kind: Kind) -> impl DoubleEndedIterator<Item = Node<'t>> {
        self.nodes().filter(move |node| node.kind() == kind)
    }

    /// Its first child of that kind.
    pub fn node(self, kind: Kind) -> Option<Node<'t>> {
        self.nodes_of(kind).next()
    }

    /// Its children that are tokens.
    pub fn tokens(self) -> impl DoubleEndedIterator<Item = Token> {
        self.children().filter_map(|child| match child {
            Element::Token(_, token) => Some(token),
            Element::Node(_) => None,
        })
    }

    /// Its tokens of that kind.
    pub fn tokens_of(self, kind: Kind) -> impl DoubleEndedIterator<Item = Token> {
        self.tokens().filter(move |token| token.kind == kind)
    }

    /// Its first token of that kind.
    pub fn token(self, kind: Kind) -> Option<Token> {
        self.tokens_of(kind).next()
    }

    /// Whether it has a token of that kind.
    pub fn has(self, kind: Kind) -> bool {
        self.token(kind).is_some()
    }

    /// The text of a token.
    pub fn token_text(self, token: Token) -> &'t str {
        self.tree.slice(token.span)
    }

    /// The value of its first string, without quotes and with escapes resolved.
    pub fn string(self) -> Option<String> {
        self.token(Kind::string).map(|token| unquote(self.token_text(token)))
    }

    /// The documentation before it: its `///` lines, without the signs.
    pub fn documentation(self) -> String {
        let (TokenId(first), _) = self.token_range();
        let before = self.tree.tokens.get(..first).unwrap_or(&[]);
        let mut lines: Vec<&str> = before
            .iter()
            .rev()
            .take_while(|token| token.kind == Kind::comment)
            .map_while(|token| self.tree.slice(token.span).strip_prefix("///"))
            .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
            .collect();
        lines.reverse();
        lines.join("\n")
    }

    /// All nodes below it and itself, outer before inner.
    pub fn descendants(self) -> Vec<Node<'t>> {
        let mut found = vec![self];
        let mut at = 0;
        while let Some(node) = found.get(at).copied() {
            found.extend(node.nodes());
            at = at.saturating_add(1);
        }
        found
    }
}

/// The value of a string token.
pub(crate) fn unquote(text: &str) -> String {
    let inner = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    let mut value = String::with_capacity(inner.len());
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => value.push('\n'),
                Some(escaped) => value.push(escaped),
                None => {}
            },
            other => value.push(other),
        }
    }
    value
}
