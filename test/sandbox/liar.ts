/** The body of a Python class that lies in every operator, so that it seems to be whatever it is compared with. */
export const LIAR = `
    def yes(self, *a, **k): return True
    def me(self, *a, **k): return self
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = yes
    __sub__ = __rsub__ = __add__ = __radd__ = __abs__ = __neg__ = __pos__ = __getitem__ = __call__ = __round__ = me
    __getattr__ = lambda self, name: self
    def __hash__(self): return hash(2.5)
`;
