//! Tree to text in the one layout, with the proof that nothing was lost.
