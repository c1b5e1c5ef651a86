local text = ""
for i = 0, 999 do text = text .. "w" .. (i * 7 % 113) .. " " end
local counts, size = {}, 0
for round = 0, 19 do
  local list = {}
  for word in string.gmatch(text, "%S+") do list[#list + 1] = word end
  for _, word in ipairs(list) do counts[word] = (counts[word] or 0) + 1 end
end
local longest = ""
for word in pairs(counts) do
  size = size + 1
  if #word > #longest then longest = word end
end
return counts["w7"] * 100 + size + #longest
